// Long, because it is one plan made in one pass over shared state: registers, homes, slots, and the checks of each.
namespace Stackelberg.Kernels;

/// <summary>Where each register of a fused block lives: in place in a load's or a store's buffer, or in a slot of
/// scratch memory that is free again after the register's last use.</summary>
internal sealed class FusedPlan
{
    /// <summary>Elements that go through the whole chain at a time, by number type. Measured best among 128 … 4,096
    /// on a network's step in float and on games of matrices in double.</summary>
    private static int LargestBlock(DType type) => type == DType.Float64 ? 256 : 1024;

    /// <summary>Long operations in an emitted body at most, by <see cref="ElementKernel.Length"/>. The runtime leaves more of
    /// them undone, and wide vectors that wait in memory cost more than the body saves: up to ten times the time.</summary>
    private static int LongestBody(DType type) => type == DType.Float64 ? 3 : 5;

    private readonly Load[] _loads;
    private readonly Dictionary<int, int> _dense = [];
    private readonly List<Draft> _drafts = [];
    private readonly List<Call> _calls = [];
    private readonly List<Spread> _splats = [];
    private readonly List<Spread> _spreads = [];
    private readonly Stack<int> _freeSlots = new();
    private readonly List<Scatter> _scatters = [];
    private readonly List<(int Register, Store Store)> _gapped = [];
    private int _slots;

    public FusedPlan(DType type, int count, Load[] loads, Instruction[] instructions, Store[] stores)
    {
        Count = count;
        Block = Math.Clamp(count, 1, LargestBlock(type));
        _loads = loads;
        Stores = [.. stores];
        DraftInstructions(instructions);
        Place?[] homes = DraftStores(stores, out List<(int Register, Place To)> copies);
        int[] lastRead = LastReads();
        HoldBack(homes, lastRead, copies);
        int[] reads = [.. lastRead];
        Operand[] operands = Assign(homes, lastRead, copies);
        Describe(type, stores, reads, operands, homes, copies);
        Calls = [.. _calls];
        Splats = [.. _splats];
        Spreads = [.. _spreads];
        Scatters = [.. _scatters];
        Scratch = _slots * Block;
    }

    public int Count { get; }

    public IReadOnlyList<Load> Loads => _loads;

    public IReadOnlyList<Store> Stores { get; }

    public int Block { get; }

    public int Scratch { get; }

    /// <summary>Broadcast operands that look alike in every block: spread once.</summary>
    public Spread[] Splats { get; }

    /// <summary>Broadcast operands that are spread anew in each block.</summary>
    public Spread[] Spreads { get; }

    public Call[] Calls { get; }

    /// <summary>The loads as an emitted body reads them.</summary>
    public Source[] Sources { get; private set; } = [];

    /// <summary>The operations as an emitted body makes them; none if it cannot be emitted.</summary>
    public Line[] Lines { get; private set; } = [];

    /// <summary>Results whose elements do not lie side by side: written at the end of each block.</summary>
    public Scatter[] Scatters { get; }

    /// <summary>Renumbers the registers: loads first, then results in order of definition.</summary>
    private void DraftInstructions(Instruction[] instructions)
    {
        for (int i = 0; i < _loads.Length; i++)
        {
            Check.At("Fused", _loads[i].From, "loads");
            if (_loads[i].Stretch < 1 || _loads[i].Period < 0 || _loads[i].Gap < 1)
            {
                Check.Fail(
                    $"Fused: loads[{i}] has stretch {_loads[i].Stretch}, period {_loads[i].Period} and gap "
                        + $"{_loads[i].Gap}, but the stretch and the gap are at least 1 and the period at least 0.",
                    "loads"
                );
            }

            _dense.Add(i, i);
        }

        for (int i = 0; i < instructions.Length; i++)
        {
            Instruction instruction = instructions[i];
            if (instruction.Kernel is null)
            {
                Check.Fail($"Fused: instructions[{i}] has no kernel.", nameof(instructions));
            }

            int arity = instruction.Kernel.Arity;
            int a = Dense(instruction.A, i);
            int b = arity > 1 ? Dense(instruction.B, i) : a;
            int c = arity > 2 ? Dense(instruction.C, i) : a;
            if (instruction.Result < _loads.Length || !_dense.TryAdd(instruction.Result, _loads.Length + i))
            {
                Check.Fail(
                    $"Fused: instructions[{i}] defines register {instruction.Result}, which is taken.",
                    nameof(instructions)
                );
            }

            _drafts.Add(new Draft(instruction.Kernel, a, b, c));
        }
    }

    private int Dense(int register, int instruction)
    {
        if (!_dense.TryGetValue(register, out int dense))
        {
            Check.Fail(
                $"Fused: instructions[{instruction}] reads register {register}, which is not defined before it.",
                "instructions"
            );
        }

        return dense;
    }

    /// <summary>Gives each stored register its first store as home; the others are copies made at the end of a
    /// block. A stored load is first copied into a register of its own, which then is stored.</summary>
    private Place?[] DraftStores(Store[] stores, out List<(int Register, Place To)> copies)
    {
        int results = _drafts.Count;
        var homes = new List<Place?>(new Place?[_loads.Length + results]);
        copies = [];
        var copyOfLoad = new Dictionary<int, int>();
        for (int i = 0; i < stores.Length; i++)
        {
            Check.At("Fused", stores[i].To, nameof(stores));
            if (!_dense.TryGetValue(stores[i].Register, out int register))
            {
                Check.Fail(
                    $"Fused: stores[{i}] names register {stores[i].Register}, which nothing defines.",
                    nameof(stores)
                );
            }

            for (int j = 0; j < i; j++)
            {
                if (Overlap(stores[i], stores[j]))
                {
                    Check.Fail($"Fused: stores[{j}] and stores[{i}] overlap.", nameof(stores));
                }
            }

            if (register < _loads.Length)
            {
                if (!copyOfLoad.TryGetValue(register, out int copy))
                {
                    copy = _loads.Length + _drafts.Count;
                    copyOfLoad.Add(register, copy);
                    _drafts.Add(new Draft(ElementKernels.Identity, register, register, register));
                    homes.Add(null);
                }

                register = copy;
            }

            if (stores[i].Gap < 1)
            {
                Check.Fail(
                    $"Fused: stores[{i}] has gap {stores[i].Gap}, but it is at least 1.",
                    nameof(stores)
                );
            }
            else if (stores[i].Gap > 1)
            {
                _gapped.Add((register, stores[i]));
            }
            else if (homes[register] is null)
            {
                homes[register] = stores[i].To;
            }
            else
            {
                copies.Add((register, stores[i].To));
            }
        }

        return [.. homes];
    }

    private int[] LastReads()
    {
        int[] last = new int[_loads.Length + _drafts.Count];
        Array.Fill(last, -1);
        for (int i = 0; i < _drafts.Count; i++)
        {
            last[_drafts[i].A] = i;
            last[_drafts[i].B] = i;
            last[_drafts[i].C] = i;
        }

        return last;
    }

    /// <summary>A result whose home is the place of a load that a later instruction reads waits in scratch memory
    /// until the end of the block.</summary>
    private void HoldBack(Place?[] homes, int[] lastRead, List<(int Register, Place To)> copies)
    {
        for (int register = _loads.Length; register < homes.Length; register++)
        {
            if (homes[register] is Place home && ReadLater(home, register - _loads.Length, lastRead))
            {
                homes[register] = null;
                copies.Insert(0, (register, home));
            }
        }

        foreach ((int register, Place to) in copies)
        {
            ReadLater(to, _drafts.Count, lastRead);
            lastRead[register] = int.MaxValue;
        }

        foreach ((int register, Store store) in _gapped)
        {
            for (int i = 0; i < _loads.Length; i++)
            {
                if (Overlap(store.To, (Count - 1) * store.Gap + 1, _loads[i].From, _loads[i].Elements(Count)))
                {
                    Check.Fail($"Fused: a store with gaps overlaps loads[{i}].", "stores");
                }
            }

            lastRead[register] = int.MaxValue;
        }
    }

    private bool ReadLater(Place to, int instruction, int[] lastRead)
    {
        bool later = false;
        for (int i = 0; i < _loads.Length; i++)
        {
            Place from = _loads[i].From;
            if (lastRead[i] < 0 || !Overlap(to, Count, from, _loads[i].Elements(Count)))
            {
                continue;
            }

            if (IsSplat(i))
            {
                // A single number is read before the first block is stored; other broadcasts are read in each block.
                if (!_loads[i].Scalar)
                {
                    Check.Fail($"Fused: a store overlaps loads[{i}], which is broadcast.", "stores");
                }

                continue;
            }

            if (to.Offset != from.Offset)
            {
                Check.Fail(
                    $"Fused: a store at buffer {to.Buffer}, offset {to.Offset} overlaps loads[{i}] at offset "
                        + $"{from.Offset}, but does not begin where it begins.",
                    "stores"
                );
            }

            later |= lastRead[i] > instruction;
        }

        return later;
    }

    private Operand[] Assign(Place?[] homes, int[] lastRead, List<(int Register, Place To)> copies)
    {
        var operands = new Operand[homes.Length];
        for (int i = 0; i < _loads.Length; i++)
        {
            operands[i] = InPlace(_loads[i].From);
            if (IsSplat(i) && lastRead[i] >= 0)
            {
                int slot = _slots++;
                operands[i] = InScratch(slot);
                Load load = _loads[i];
                bool alike = load.Stretch == 1 && load.Period > 0 && Block % load.Period == 0;
                (alike ? _splats : _spreads).Add(new Spread(load.From, slot * Block, load));
            }
        }

        for (int i = 0; i < _drafts.Count; i++)
        {
            Draft draft = _drafts[i];
            int result = _loads.Length + i;
            Release(draft.A, i, homes, lastRead, operands);
            Release(draft.B, i, homes, lastRead, operands);
            Release(draft.C, i, homes, lastRead, operands);
            operands[result] = homes[result] is Place home
                ? InPlace(home)
                : InScratch(_freeSlots.Count > 0 ? _freeSlots.Pop() : _slots++);
            _calls.Add(
                new Call(
                    draft.Kernel,
                    draft.Kernel.Arity,
                    operands[draft.A],
                    operands[draft.B],
                    operands[draft.C],
                    operands[result]
                )
            );
            Release(result, lastRead[result] < 0 ? -1 : int.MinValue, homes, lastRead, operands);
        }

        foreach ((int register, Store store) in _gapped)
        {
            _scatters.Add(new Scatter(operands[register], store.To, store.Gap));
        }

        foreach ((int register, Place to) in copies)
        {
            Operand from = operands[register];
            _calls.Add(new Call(ElementKernels.Identity, 1, from, from, from, InPlace(to)));
        }

        return operands;
    }

    /// <summary>What <see cref="VectorBody"/> needs of the plan, if the block can be emitted: its kernels have vector
    /// forms and are not too long together, and no store replaces a number that every block reads.</summary>
    private void Describe(
        DType type,
        Store[] stores,
        int[] lastRead,
        Operand[] operands,
        Place?[] homes,
        List<(int Register, Place To)> copies
    )
    {
        Type number = type == DType.Float64 ? typeof(double) : typeof(float);
        Type vector = VectorWidth.Vector(number);
        if (LongOperations(number) > LongestBody(type))
        {
            return;
        }

        var sources = new Source[_loads.Length];
        for (int i = 0; i < _loads.Length; i++)
        {
            Load load = _loads[i];
            bool replaced = Array.Exists(
                stores,
                store => Overlap(store.To, (Count - 1) * store.Gap + 1, load.From, load.Elements(Count))
            );
            if (replaced && load.Scalar && Count > 1)
            {
                return;
            }

            sources[i] = new Source(
                load.Scalar ? InPlace(load.From) : operands[i],
                load.Scalar,
                replaced,
                lastRead[i] >= 0
            );
        }

        var lines = new Line[_drafts.Count];
        for (int i = 0; i < lines.Length; i++)
        {
            Draft draft = _drafts[i];
            int result = _loads.Length + i;
            if (draft.Kernel != ElementKernels.Identity && draft.Kernel.Vectors(vector, number) is null)
            {
                return;
            }

            var targets = new List<Operand>();
            if (homes[result] is Place home)
            {
                targets.Add(InPlace(home));
            }

            foreach ((int register, Place to) in copies)
            {
                if (register == result)
                {
                    targets.Add(InPlace(to));
                }
            }

            if (homes[result] is null && _gapped.Exists(gapped => gapped.Register == result))
            {
                targets.Add(operands[result]);
            }

            lines[i] = new Line(draft.Kernel, draft.A, draft.B, draft.C, result, [.. targets]);
        }

        Sources = sources;
        Lines = lines;
    }

    /// <summary>The lengths of all operations; a sine and a cosine of the same number are computed as one.</summary>
    private int LongOperations(Type number)
    {
        int Of(ElementKernel kernel, int operand) =>
            _drafts.Count(draft => draft.Kernel == kernel && draft.A == operand);
        int pairs = _drafts
            .Select(draft => draft.A)
            .Distinct()
            .Sum(operand => Math.Min(Of(ElementKernels.Sin, operand), Of(ElementKernels.Cos, operand)));
        return _drafts.Sum(draft => draft.Kernel.Length(number)) - pairs * ElementKernels.Sin.Length(number);
    }

    /// <summary>Frees the slot of a result whose last read is <paramref name="instruction"/>.</summary>
    private void Release(int register, int instruction, Place?[] homes, int[] lastRead, Operand[] operands)
    {
        if (register >= _loads.Length && homes[register] is null && lastRead[register] == instruction)
        {
            _freeSlots.Push(operands[register].Offset / Block);
            lastRead[register] = int.MinValue;
        }
    }

    /// <summary>Whether a load is to be spread over a block. With a count of 1 it is read in place.</summary>
    private bool IsSplat(int load) => !_loads[load].IsPlain && Count != 1;

    private static Operand InPlace(Place place) => new(place.Buffer, place.Offset, -1);

    private Operand InScratch(int slot) => new(-1, slot * Block, 0);

    /// <summary>Stores with one gap between their elements may interlace.</summary>
    private bool Overlap(Store a, Store b) =>
        Overlap(a.To, (Count - 1) * a.Gap + 1, b.To, (Count - 1) * b.Gap + 1)
        && (a.Gap != b.Gap || (a.To.Offset - b.To.Offset) % a.Gap == 0);

    private static bool Overlap(Place a, int aCount, Place b, int bCount) =>
        a.Buffer == b.Buffer && a.Offset < b.Offset + bCount && b.Offset < a.Offset + aCount;

    private readonly record struct Draft(ElementKernel Kernel, int A, int B, int C);

    /// <summary>Buffer −1 is scratch memory; Moving is −1 (all ones) if the operand advances from block to block,
    /// otherwise 0.</summary>
    internal readonly struct Operand(int buffer, int offset, int moving)
    {
        public readonly int Buffer = buffer;
        public readonly int Offset = offset;
        public readonly int Moving = moving;
    }

    /// <param name="From">Where it lies; a broadcast one lies in its slot of scratch memory, but for a scalar.</param>
    /// <param name="Scalar">Whether one element serves for all.</param>
    /// <param name="Replaced">Whether a store replaces it.</param>
    /// <param name="Read">Whether anything reads it.</param>
    internal readonly record struct Source(Operand From, bool Scalar, bool Replaced, bool Read);

    /// <summary>An operation on registers, and where its result is stored.</summary>
    internal readonly record struct Line(
        ElementKernel Kernel,
        int A,
        int B,
        int C,
        int Result,
        Operand[] Targets
    );

    internal readonly struct Scatter(Operand from, Place to, int gap)
    {
        public readonly Operand From = from;
        public readonly Place To = to;
        public readonly int Gap = gap;
    }

    internal readonly struct Call(
        ElementKernel kernel,
        int arity,
        Operand a,
        Operand b,
        Operand c,
        Operand result
    )
    {
        public readonly ElementKernel Kernel = kernel;
        public readonly int Arity = arity;
        public readonly Operand A = a;
        public readonly Operand B = b;
        public readonly Operand C = c;
        public readonly Operand Result = result;
    }
}
