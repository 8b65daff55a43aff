using System.Numerics;

namespace Stackelberg.Kernels;

/// <summary>A fused block of one element. It is interpreted at first; a block that runs often is emitted as a
/// method, with the same bits.</summary>
internal sealed class ScalarStep<T>(
    FusedStep<T> interpreted,
    Load[] loads,
    Instruction[] instructions,
    Store[] stores
) : Step<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Emitting costs about a millisecond, some ten thousand interpreted operations.</summary>
    private const int RunsBeforeEmission = 64;

    private int _runs;
    private Action<Array[]>? _emitted;

    public override int Scratch => interpreted.Scratch;

    public override IEnumerable<Region> Regions => interpreted.Regions;

    /// <inheritdoc/>
    public override RepeatedStep? Repeat(Repetition repetition) =>
        ScalarLoop.Emit<T>(loads, instructions, stores, repetition);

    public override void Run(Workspace workspace)
    {
        if (_emitted is Action<Array[]> emitted)
        {
            emitted(workspace.Buffers);
            return;
        }

        // Two threads may count or emit at once: the count is then a little off, or the work done twice.
        interpreted.Run(workspace);
        if (++_runs >= RunsBeforeEmission)
        {
            _emitted = ScalarBody.Emit<T>(loads, instructions, stores);
        }
    }
}
