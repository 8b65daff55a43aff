using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Stackelberg.Kernels;

/// <summary>An operand that a fused block reads: index i of the block reads element ((i / Stretch) mod Period) · Gap.</summary>
/// <param name="From">Where its elements are.</param>
/// <param name="Stretch">How many indices in a row read one element; 1 or more.</param>
/// <param name="Period">After how many elements reading begins again; 0 if it never does.</param>
/// <param name="Gap">How far apart two neighbouring elements lie; 1 or more.</param>
/// <remarks>A row [n] broadcast to [m, n] has period n; a column [m, 1] broadcast to [m, n] has stretch n; one number
/// for all has period 1.</remarks>
public readonly record struct Load(Place From, int Stretch, int Period, int Gap = 1)
{
    /// <summary>An operand of the block's own length, or one number for every index.</summary>
    public Load(Place from, bool scalar)
        : this(from, 1, scalar ? 1 : 0) { }

    /// <summary>The value of an element that never changes, where it is known: emitted code need not read it.</summary>
    public double? Constant { get; init; }

    /// <summary>Whether one element serves for every index.</summary>
    public bool Scalar => Period == 1;

    /// <summary>Whether index i reads element i.</summary>
    internal bool IsPlain => Stretch == 1 && Period == 0 && Gap == 1;

    /// <summary>How many elements lie from the first to the last that a block of this length reads.</summary>
    internal int Elements(int count) =>
        ((Period > 0 ? Period : (count + Stretch - 1) / Stretch) - 1) * Gap + 1;
}

/// <summary>One elementwise operation of a fused block, on registers.</summary>
/// <param name="Kernel">The operation.</param>
/// <param name="A">The register of its first operand.</param>
/// <param name="B">The register of its second operand, −1 if it has none.</param>
/// <param name="C">The register of its third operand, −1 if it has none.</param>
/// <param name="Result">The register it defines: a new one, not below the number of loads.</param>
public readonly record struct Instruction(ElementKernel Kernel, int A, int B, int C, int Result);

/// <summary>A register whose elements a fused block leaves in memory.</summary>
/// <param name="Register">The register.</param>
/// <param name="To">Where its elements go.</param>
/// <param name="Gap">How far apart two neighbouring elements go; 1 or more.</param>
public readonly record struct Store(int Register, Place To, int Gap = 1);

public static partial class Steps
{
    /// <summary>A chain of elementwise operations over <paramref name="count"/> elements, block by block, so that
    /// values between them stay in the first cache.</summary>
    /// <param name="type">The number type of all registers.</param>
    /// <param name="count">Elements of every operand and result.</param>
    /// <param name="loads">Registers 0 … loads.Length − 1.</param>
    /// <param name="instructions">The operations, each after those whose results it reads.</param>
    /// <param name="stores">What is kept. A register may be stored in several places, a loaded one as well.</param>
    /// <exception cref="ArgumentException">A register is read before it is defined or defined twice, an operand is
    /// missing, two stores overlap, or a store overlaps a load other than exactly.</exception>
    /// <remarks>A store may be exactly the place of a load, which it then replaces. Loads are read as they were
    /// before the step.</remarks>
    public static Step Fused(DType type, int count, Load[] loads, Instruction[] instructions, Store[] stores)
    {
        Check.Type("Fused", type);
        Check.Count("Fused", count);
        ArgumentNullException.ThrowIfNull(loads);
        ArgumentNullException.ThrowIfNull(instructions);
        ArgumentNullException.ThrowIfNull(stores);
        var plan = new FusedPlan(type, count, loads, instructions, stores);
        return type == DType.Float64
            ? Choose(new FusedStep<double>(plan), count, loads, instructions, stores)
            : Choose(new FusedStep<float>(plan), count, loads, instructions, stores);
    }

    private static Step Choose<T>(
        FusedStep<T> interpreted,
        int count,
        Load[] loads,
        Instruction[] instructions,
        Store[] stores
    )
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        count == 1 && ScalarBody.Fits(instructions, typeof(T))
            ? new ScalarStep<T>(interpreted, [.. loads], [.. instructions], [.. stores])
            : interpreted;
}

/// <summary>Interprets a <see cref="FusedPlan"/>; of one that runs often, the whole vectors go through an emitted
/// <see cref="VectorBody"/>, with the same bits.</summary>
internal sealed class FusedStep<T>(FusedPlan plan) : Step<T>, IThreadPoolWorkItem
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Emitting takes milliseconds, which this many interpreted operations on elements pay for. It is done
    /// aside, so that no run waits for it.</summary>
    private const long WorkBeforeEmission = 1 << 24;

    private readonly int _count = plan.Count;
    private readonly int _block = plan.Block;
    private readonly Spread[] _splats = plan.Splats;
    private readonly Spread[] _rows = Array.FindAll(plan.Splats, splat => !splat.Load.Scalar);
    private readonly Spread[] _spreads = plan.Spreads;
    private readonly FusedPlan.Call[] _calls = plan.Calls;
    private readonly FusedPlan.Scatter[] _scatters = plan.Scatters;

    private long _work = CanEmit(plan) ? 0 : long.MinValue;
    private VectorBody.Body<T>? _emitted;

    public override int Scratch { get; } = plan.Scratch;

    public override IEnumerable<Region> Regions =>
        _count == 0
            ? []
            :
            [
                .. plan.Loads.Select(load => From(load.From, load.Elements(_count))),
                .. plan.Stores.Select(store => From(store.To, (_count - 1L) * store.Gap + 1)),
            ];

    /// <summary>Emits the body, if it can be.</summary>
    public void Execute()
    {
        if (CanEmit(plan))
        {
            _emitted = VectorBody.Emit<T>(plan);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(Workspace workspace)
    {
        T[] scratch = workspace.Scratch<T>();
        if (_emitted is VectorBody.Body<T> emitted)
        {
            RunEmitted(emitted, workspace, scratch);
            return;
        }

        Fill(_splats, workspace, scratch, 0, _block);
        for (int start = 0; start < _count; start += _block)
        {
            int count = Math.Min(_block, _count - start);
            Fill(_spreads, workspace, scratch, start, count);
            Interpret(workspace.Buffers, scratch, start, count);
            WriteGapped(workspace, scratch, start, count);
        }

        // Two threads may count at once: the count is then a little off, or the body emitted twice.
        if (_work >= 0)
        {
            _work += (long)_count * _calls.Length;
            if (_work >= WorkBeforeEmission)
            {
                _work = long.MinValue;
                ThreadPool.UnsafeQueueUserWorkItem(this, false);
            }
        }
    }

    private static bool CanEmit(FusedPlan plan) =>
        plan.Lines.Length > 0 && plan.Count >= VectorBody.Width<T>();

    private void RunEmitted(VectorBody.Body<T> emitted, Workspace workspace, T[] scratch)
    {
        Array[] buffers = workspace.Buffers;
        int block = _rows.Length + _spreads.Length + _scatters.Length == 0 ? _count : _block;
        Fill(_rows, workspace, scratch, 0, block);
        for (int start = 0; start < _count; start += block)
        {
            int count = Math.Min(block, _count - start);
            int whole = count & -VectorBody.Width<T>();
            Fill(_spreads, workspace, scratch, start, whole);
            emitted(buffers, scratch, start, whole);
            WriteGapped(workspace, scratch, start, whole);
            if (whole < count)
            {
                // The last block's tail, as a short block of its own.
                int tail = start + whole;
                Fill(_splats, workspace, scratch, tail, count - whole);
                Fill(_spreads, workspace, scratch, tail, count - whole);
                Interpret(buffers, scratch, tail, count - whole);
                WriteGapped(workspace, scratch, tail, count - whole);
            }
        }
    }

    private static void Fill(Spread[] spreads, Workspace workspace, T[] scratch, int start, int count)
    {
        foreach (Spread spread in spreads)
        {
            spread.Fill(
                ref workspace.At<T>(spread.From),
                Buffers.Span(
                    ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(scratch), spread.Slot),
                    count
                ),
                start
            );
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Interpret(Array[] buffers, T[] scratch, int start, int count)
    {
        foreach (ref readonly FusedPlan.Call call in _calls.AsSpan())
        {
            ref T a = ref Find(in call.A, start, buffers, scratch);
            ref T b = ref a;
            ref T c = ref a;
            if (call.Arity > 1)
            {
                b = ref Find(in call.B, start, buffers, scratch);
                if (call.Arity > 2)
                {
                    c = ref Find(in call.C, start, buffers, scratch);
                }
            }

            ref T result = ref Find(in call.Result, start, buffers, scratch);
            if (typeof(T) == typeof(double))
            {
                call.Kernel.Run(
                    ref Unsafe.As<T, double>(ref a),
                    ref Unsafe.As<T, double>(ref b),
                    ref Unsafe.As<T, double>(ref c),
                    ref Unsafe.As<T, double>(ref result),
                    count
                );
            }
            else
            {
                call.Kernel.Run(
                    ref Unsafe.As<T, float>(ref a),
                    ref Unsafe.As<T, float>(ref b),
                    ref Unsafe.As<T, float>(ref c),
                    ref Unsafe.As<T, float>(ref result),
                    count
                );
            }
        }
    }

    private void WriteGapped(Workspace workspace, T[] scratch, int start, int count)
    {
        foreach (ref readonly FusedPlan.Scatter scatter in _scatters.AsSpan())
        {
            ref T from = ref Find(in scatter.From, start, workspace.Buffers, scratch);
            ref T to = ref Unsafe.Add(ref workspace.At<T>(scatter.To), start * scatter.Gap);
            for (int i = 0; i < count; i++)
            {
                Unsafe.Add(ref to, i * scatter.Gap) = Unsafe.Add(ref from, i);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref T Find(in FusedPlan.Operand operand, int start, Array[] buffers, T[] scratch)
    {
        T[] array = operand.Buffer < 0 ? scratch : Unsafe.As<T[]>(buffers[operand.Buffer]);
        return ref Unsafe.Add(
            ref MemoryMarshal.GetArrayDataReference(array),
            operand.Offset + (start & operand.Moving)
        );
    }
}
