namespace Stackelberg.Evaluation;

/// <summary>How an image is brought to another size.</summary>
public enum Resizing
{
    /// <summary>By <see cref="ImageResize.Nearest"/>: how the sources score generated images.</summary>
    Nearest,

    /// <summary>By <see cref="ImageResize.Bilinear"/>: how the sources train the classifier.</summary>
    Bilinear,
}
