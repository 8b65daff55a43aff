namespace Stackelberg.Kernels;

/// <summary>Where an operand begins: a buffer of the run, and an element offset in it.</summary>
/// <param name="Buffer">Index into <see cref="Workspace.Buffers"/>.</param>
/// <param name="Offset">Elements from the buffer's start.</param>
public readonly record struct Place(int Buffer, int Offset)
{
    /// <summary>The place <paramref name="elements"/> further on in the same buffer.</summary>
    public Place Plus(int elements) => new(Buffer, Offset + elements);
}
