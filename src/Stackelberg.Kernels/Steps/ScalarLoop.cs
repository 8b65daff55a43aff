using System.Reflection.Emit;

namespace Stackelberg.Kernels;

/// <summary>A step that is run again and again, as one method that keeps what it carries over in registers.</summary>
/// <param name="buffers">The run's memory.</param>
/// <param name="limit">The most runs.</param>
/// <param name="row">The first run's row of rows in and out.</param>
/// <param name="least">The least of what is watched that the loop goes on with: finite.</param>
/// <param name="watched">Receives what was watched in the last run that counts.</param>
/// <returns>How many runs count.</returns>
public delegate int RepeatedStep(Array[] buffers, int limit, int row, double least, ref double watched);

/// <summary>What goes from one run of a step to the next.</summary>
/// <param name="Carried">Numbers that the step leaves at From and the next run reads at To; they end there.</param>
public sealed record Repetition(CarriedOver[] Carried)
{
    /// <summary>A number that the step reads and that grows by one each time.</summary>
    public Place? Counter { get; init; }

    /// <summary>A number that the step leaves: the loop ends before the run that leaves less than the least asked for, or
    /// what is not finite, and does not count it.</summary>
    public Place? Watched { get; init; }

    /// <summary>Rows, one of which the step reads at One in each run.</summary>
    public BatchSlot[] RowsIn { get; init; } = [];

    /// <summary>Rows, one of which receives in each run what the step leaves at One.</summary>
    internal BatchSlot[] RowsOut { get; init; } = [];

    /// <summary>What the step leaves at One, summed over all runs.</summary>
    internal BatchSlot[] Sums { get; init; } = [];

    /// <summary>Whether the rows go down.</summary>
    internal bool IsBackward { get; init; }
}

/// <summary>A number that is carried over from one run of a step to the next.</summary>
/// <param name="From">Where the step leaves it.</param>
/// <param name="To">Where it reads it.</param>
public readonly record struct CarriedOver(Place From, Place To);

/// <summary>Emits a chain of operations on single numbers as a loop. Its bits are those of the single runs.</summary>
internal static class ScalarLoop
{
    /// <summary>Emitting and compiling takes milliseconds, which about this many runs pay for.</summary>
    public const int RunsBeforeEmission = 20_000;

    /// <summary>The loop; null if what it carries is not among what the step stores.</summary>
    public static RepeatedStep? Emit<T>(
        Load[] loads,
        Instruction[] instructions,
        Store[] stores,
        Repetition repetition
    )
        where T : unmanaged
    {
        var registers = stores.ToDictionary(store => store.To, store => store.Register);
        IEnumerable<Place> wanted =
        [
            .. repetition.Carried.Select(pair => pair.From),
            .. repetition
                .RowsOut.Concat(repetition.Sums)
                .SelectMany(slot => Enumerable.Range(0, slot.Count).Select(slot.One.Plus)),
        ];
        if (repetition.Watched is Place watched)
        {
            wanted = wanted.Append(watched);
        }

        if (!wanted.All(registers.ContainsKey))
        {
            return null;
        }

        var method = new DynamicMethod(
            "loop",
            typeof(int),
            [
                typeof(object),
                typeof(Array[]),
                typeof(int),
                typeof(int),
                typeof(double),
                typeof(double).MakeByRefType(),
            ],
            typeof(ScalarLoop).Module,
            true
        );
        ILGenerator il = method.GetILGenerator();
        var emitter = new ScalarEmitter<T>(il, loads, instructions);
        emitter.Want(wanted.Select(place => registers[place]));
        new Emission<T>(il, emitter, loads, registers, repetition).Emit();
        return method.CreateDelegate<RepeatedStep>(method);
    }

    private sealed class Emission<T>(
        ILGenerator il,
        ScalarEmitter<T> emitter,
        Load[] loads,
        Dictionary<Place, int> registers,
        Repetition repetition
    )
        where T : unmanaged
    {
        private readonly LocalBuilder _runs = il.DeclareLocal(typeof(int));

        /// <summary>Of every slot with rows the place of the present row, in bytes from the first one.</summary>
        private readonly Dictionary<BatchSlot, LocalBuilder> _rows = [];

        public void Emit()
        {
            Label body = il.DefineLabel();
            Label test = il.DefineLabel();
            Label end = il.DefineLabel();
            Dictionary<Place, int> inRows = repetition
                .RowsIn.SelectMany((slot, s) => Places(slot).Select(place => (place, s)))
                .ToDictionary(pair => pair.place, pair => pair.s);
            Dictionary<Place, int> readAt = [];
            List<int> ofRows = [];
            for (int i = 0; i < loads.Length; i++)
            {
                if (loads[i].Constant is null && emitter.IsUsed(i))
                {
                    readAt[loads[i].From] = i;
                    if (inRows.ContainsKey(loads[i].From))
                    {
                        ofRows.Add(i);
                    }
                    else
                    {
                        ReadFrom(loads[i].From);
                        emitter.Keep(i);
                    }
                }
            }

            LocalBuilder[] carried = Array.ConvertAll(repetition.Carried, pair => Local(pair.To, readAt));
            LocalBuilder[][] sums = Array.ConvertAll(repetition.Sums, Zeros);
            foreach (BatchSlot slot in repetition.RowsIn.Concat(repetition.RowsOut))
            {
                FirstRow(slot);
            }

            il.Emit(OpCodes.Ldc_I4_0);
            il.Emit(OpCodes.Stloc, _runs);
            il.Emit(OpCodes.Br, test);
            il.MarkLabel(body);
            foreach (int i in ofRows)
            {
                BatchSlot slot = repetition.RowsIn[inRows[loads[i].From]];
                Row(slot, loads[i].From.Offset - slot.One.Offset);
                emitter.Read();
                emitter.Keep(i);
            }

            emitter.Compute();
            if (repetition.Watched is Place watched)
            {
                LocalBuilder value = emitter.LocalOf(registers[watched]);
                LeaveUnless(value, end);
            }

            WriteRows();
            AddUp(sums);
            LocalBuilder[] next = Array.ConvertAll(
                repetition.Carried,
                pair => emitter.LocalOf(registers[pair.From])
            );
            Array.ForEach(next, local => il.Emit(OpCodes.Ldloc, local));
            for (int i = carried.Length - 1; i >= 0; i--)
            {
                il.Emit(OpCodes.Stloc, carried[i]);
            }

            if (repetition.Counter is Place counter && readAt.TryGetValue(counter, out int counted))
            {
                LocalBuilder number = emitter.LocalOf(counted);
                il.Emit(OpCodes.Ldloc, number);
                emitter.Constant(1.0);
                il.Emit(OpCodes.Add);
                il.Emit(OpCodes.Stloc, number);
            }

            NextRows();
            il.Emit(OpCodes.Ldloc, _runs);
            il.Emit(OpCodes.Ldc_I4_1);
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Stloc, _runs);
            il.MarkLabel(test);
            il.Emit(OpCodes.Ldloc, _runs);
            il.Emit(OpCodes.Ldarg_2);
            il.Emit(OpCodes.Blt, body);
            il.MarkLabel(end);
            for (int i = 0; i < carried.Length; i++)
            {
                WriteTo(repetition.Carried[i].To, carried[i]);
            }

            for (int s = 0; s < sums.Length; s++)
            {
                for (int j = 0; j < sums[s].Length; j++)
                {
                    WriteTo(repetition.Sums[s].Entries.Plus(j), sums[s][j]);
                }
            }

            il.Emit(OpCodes.Ldloc, _runs);
            il.Emit(OpCodes.Ret);
        }

        private static IEnumerable<Place> Places(BatchSlot slot) =>
            Enumerable.Range(0, slot.Count).Select(slot.One.Plus);

        private void ReadFrom(Place place)
        {
            emitter.Address(place);
            emitter.Read();
        }

        private void WriteTo(Place place, LocalBuilder local)
        {
            emitter.Address(place);
            il.Emit(OpCodes.Ldloc, local);
            emitter.Write();
        }

        /// <summary>The local that is read from a place at first, whether or not the step reads it.</summary>
        private LocalBuilder Local(Place place, Dictionary<Place, int> readAt)
        {
            if (readAt.TryGetValue(place, out int register))
            {
                return emitter.LocalOf(register);
            }

            LocalBuilder local = il.DeclareLocal(typeof(T));
            ReadFrom(place);
            il.Emit(OpCodes.Stloc, local);
            return local;
        }

        private LocalBuilder[] Zeros(BatchSlot slot)
        {
            var locals = new LocalBuilder[slot.Count];
            for (int j = 0; j < locals.Length; j++)
            {
                locals[j] = il.DeclareLocal(typeof(T));
                emitter.Constant(0.0);
                il.Emit(OpCodes.Stloc, locals[j]);
            }

            return locals;
        }

        private void FirstRow(BatchSlot slot)
        {
            LocalBuilder row = il.DeclareLocal(typeof(nint));
            _rows[slot] = row;
            il.Emit(OpCodes.Ldarg_3);
            il.Emit(OpCodes.Conv_I);
            il.Emit(OpCodes.Ldc_I4, slot.Count * ScalarEmitter<T>.Size);
            il.Emit(OpCodes.Conv_I);
            il.Emit(OpCodes.Mul);
            il.Emit(OpCodes.Stloc, row);
            // Where the rows begin is looked up before the loop.
            emitter.Address(slot.Entries);
            il.Emit(OpCodes.Pop);
        }

        /// <summary>Puts the address of an entry of the present row on the stack.</summary>
        private void Row(BatchSlot slot, int entry)
        {
            emitter.Address(slot.Entries.Plus(entry));
            il.Emit(OpCodes.Ldloc, _rows[slot]);
            il.Emit(OpCodes.Add);
        }

        private void NextRows()
        {
            foreach (BatchSlot slot in repetition.RowsIn.Concat(repetition.RowsOut))
            {
                il.Emit(OpCodes.Ldloc, _rows[slot]);
                emitter.Further(repetition.IsBackward ? -slot.Count : slot.Count);
                il.Emit(OpCodes.Stloc, _rows[slot]);
            }
        }

        private void WriteRows()
        {
            foreach (BatchSlot slot in repetition.RowsOut)
            {
                for (int j = 0; j < slot.Count; j++)
                {
                    LocalBuilder value = emitter.LocalOf(registers[slot.One.Plus(j)]);
                    Row(slot, j);
                    il.Emit(OpCodes.Ldloc, value);
                    emitter.Write();
                }
            }
        }

        private void AddUp(LocalBuilder[][] sums)
        {
            for (int s = 0; s < sums.Length; s++)
            {
                for (int j = 0; j < sums[s].Length; j++)
                {
                    LocalBuilder value = emitter.LocalOf(registers[repetition.Sums[s].One.Plus(j)]);
                    il.Emit(OpCodes.Ldloc, sums[s][j]);
                    il.Emit(OpCodes.Ldloc, value);
                    il.Emit(OpCodes.Add);
                    il.Emit(OpCodes.Stloc, sums[s][j]);
                }
            }
        }

        private void LeaveUnless(LocalBuilder value, Label end)
        {
            il.Emit(OpCodes.Ldloc, value);
            il.Emit(OpCodes.Conv_R8);
            il.Emit(OpCodes.Ldarg, 4);
            // Unordered leaves as well.
            il.Emit(OpCodes.Blt_Un, end);
            il.Emit(OpCodes.Ldloc, value);
            il.Emit(OpCodes.Conv_R8);
            il.Emit(OpCodes.Ldc_R8, double.PositiveInfinity);
            il.Emit(OpCodes.Bge_Un, end);
            il.Emit(OpCodes.Ldarg, 5);
            il.Emit(OpCodes.Ldloc, value);
            il.Emit(OpCodes.Conv_R8);
            il.Emit(OpCodes.Stind_R8);
        }
    }
}
