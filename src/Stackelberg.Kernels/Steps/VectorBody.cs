using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Stackelberg.Kernels;

/// <summary>Emits a fused block as one loop over whole vectors, so that what lies between its loads and its stores
/// stays in the machine's registers. Its bits are those of the interpreted block.</summary>
internal static class VectorBody
{
    /// <summary>Computes the whole vectors of a block that begins at <paramref name="start"/>.</summary>
    public delegate void Body<T>(Array[] buffers, T[] scratch, int start, int count);

    /// <summary>Elements of a vector of this machine.</summary>
    public static int Width<T>()
        where T : unmanaged => VectorWidth.Bits / (8 * Unsafe.SizeOf<T>());

    /// <summary>Emits the body of a plan.</summary>
    public static Body<T> Emit<T>(FusedPlan plan)
        where T : unmanaged
    {
        var method = new DynamicMethod(
            "vectors",
            null,
            [typeof(object), typeof(Array[]), typeof(T[]), typeof(int), typeof(int)],
            typeof(VectorBody).Module,
            true
        );
        new Emitter<T>(method.GetILGenerator(), plan).EmitAll();
        return method.CreateDelegate<Body<T>>(method);
    }

    private sealed class Emitter<T>(ILGenerator il, FusedPlan plan)
        where T : unmanaged
    {
        private static readonly MethodInfo firstOf = typeof(MemoryMarshal)
            .GetMethods()
            .Single(method =>
                method.Name == nameof(MemoryMarshal.GetArrayDataReference) && method.IsGenericMethod
            )
            .MakeGenericMethod(typeof(T));

        private static readonly Type vector = VectorWidth.Vector(typeof(T));

        private static readonly MethodInfo load = Find(nameof(Simd512<T>.Load));
        private static readonly MethodInfo store = Find(nameof(Simd512<T>.Store));
        private static readonly MethodInfo create = Find(nameof(Simd512<T>.Create));

        private static readonly MethodInfo sineAndCosine = typeof(VectorSinCos)
            .GetMethod(nameof(VectorSinCos.Both))!
            .MakeGenericMethod(vector, typeof(T));

        /// <summary>Instructions to a line of the plan that make room for its operator, and the most of them all: beyond 20000
        /// the runtime no longer optimizes.</summary>
        private const int PerLine = 1000;
        private const int Most = 16000;

        private static readonly int size = typeof(T) == typeof(double) ? 8 : 4;

        private readonly Dictionary<int, LocalBuilder> _bases = [];
        private readonly Dictionary<int, LocalBuilder> _registers = [];
        private readonly LocalBuilder _at = il.DeclareLocal(typeof(nint));
        private readonly LocalBuilder _end = il.DeclareLocal(typeof(nint));

        public void EmitAll()
        {
            FusedPlan.Source[] sources = plan.Sources;
            foreach (FusedPlan.Source source in sources.Where(source => source.Read))
            {
                Base(source.From);
            }

            foreach (FusedPlan.Operand target in plan.Lines.SelectMany(line => line.Targets))
            {
                Base(target);
            }

            for (int i = 0; i < sources.Length; i++)
            {
                if (sources[i].Scalar && sources[i].Read)
                {
                    il.Emit(OpCodes.Ldloc, _bases[sources[i].From.Buffer]);
                    Offset(sources[i].From.Offset);
                    il.Emit(typeof(T) == typeof(double) ? OpCodes.Ldind_R8 : OpCodes.Ldind_R4);
                    il.Emit(OpCodes.Call, create);
                    Keep(i);
                }
            }

            // The bases of what moves are moved to the block's start after the scalars are read.
            foreach ((int buffer, LocalBuilder first) in _bases)
            {
                if (buffer >= 0)
                {
                    il.Emit(OpCodes.Ldloc, first);
                    il.Emit(OpCodes.Ldarg_3);
                    il.Emit(OpCodes.Conv_I);
                    il.Emit(OpCodes.Ldc_I4, size);
                    il.Emit(OpCodes.Mul);
                    il.Emit(OpCodes.Add);
                    il.Emit(OpCodes.Stloc, first);
                }
            }

            il.Emit(OpCodes.Ldarg, 4);
            il.Emit(OpCodes.Ldc_I4, -Width<T>());
            il.Emit(OpCodes.And);
            il.Emit(OpCodes.Conv_I);
            il.Emit(OpCodes.Ldc_I4, size);
            il.Emit(OpCodes.Mul);
            il.Emit(OpCodes.Stloc, _end);
            il.Emit(OpCodes.Ldc_I4_0);
            il.Emit(OpCodes.Conv_I);
            il.Emit(OpCodes.Stloc, _at);
            Label test = il.DefineLabel();
            Label loop = il.DefineLabel();
            il.Emit(OpCodes.Br, test);
            il.MarkLabel(loop);
            Iteration(sources);
            il.Emit(OpCodes.Ldloc, _at);
            il.Emit(OpCodes.Ldc_I4, size * Width<T>());
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Stloc, _at);
            il.MarkLabel(test);
            il.Emit(OpCodes.Ldloc, _at);
            il.Emit(OpCodes.Ldloc, _end);
            il.Emit(OpCodes.Blt, loop);
            il.Emit(OpCodes.Ret);
            Widen();
        }

        /// <summary>Adds what is never reached: the runtime lets a method grow by what it inlines in proportion to its own
        /// length, and an operator that is not inlined costs ten times as much.</summary>
        private void Widen()
        {
            int length = Math.Min(plan.Lines.Length * PerLine, Most);
            for (int i = 0; i < length; i++)
            {
                il.Emit(OpCodes.Nop);
            }

            il.Emit(OpCodes.Ret);
        }

        private void Iteration(FusedPlan.Source[] sources)
        {
            // What a store replaces is read first; everything else where it is first needed.
            for (int i = 0; i < sources.Length; i++)
            {
                if (sources[i].Replaced && sources[i].Read && !sources[i].Scalar)
                {
                    Load(i);
                }
            }

            foreach (FusedPlan.Line line in plan.Lines)
            {
                if (!_registers.ContainsKey(line.Result) && !TryPair(line))
                {
                    Compute(line);
                }

                foreach (FusedPlan.Operand target in line.Targets)
                {
                    il.Emit(OpCodes.Ldloca, _registers[line.Result]);
                    Address(target);
                    il.Emit(OpCodes.Call, store);
                }
            }
        }

        private void Compute(FusedPlan.Line line)
        {
            Push(line.A);
            if (line.Kernel.Arity > 1)
            {
                Push(line.B);
            }

            if (line.Kernel.Arity > 2)
            {
                Push(line.C);
            }

            if (line.Kernel != ElementKernels.Identity)
            {
                il.Emit(OpCodes.Call, line.Kernel.Vectors(vector, typeof(T))!);
            }

            Keep(line.Result);
        }

        /// <summary>Computes a sine and a cosine of the same number at once.</summary>
        private bool TryPair(FusedPlan.Line line)
        {
            bool isSine = line.Kernel == ElementKernels.Sin;
            if (!isSine && line.Kernel != ElementKernels.Cos)
            {
                return false;
            }

            ElementKernel wanted = isSine ? ElementKernels.Cos : ElementKernels.Sin;
            int other = Array.FindIndex(
                plan.Lines,
                candidate =>
                    candidate.Kernel == wanted
                    && candidate.A == line.A
                    && !_registers.ContainsKey(candidate.Result)
            );
            if (other < 0)
            {
                return false;
            }

            int result = plan.Lines[other].Result;
            LocalBuilder cosine = il.DeclareLocal(vector);
            Push(line.A);
            il.Emit(OpCodes.Ldloca, cosine);
            il.Emit(OpCodes.Call, sineAndCosine);
            Keep(isSine ? line.Result : result);
            il.Emit(OpCodes.Ldloc, cosine);
            Keep(isSine ? result : line.Result);
            return true;
        }

        private void Load(int register)
        {
            Address(plan.Sources[register].From);
            il.Emit(OpCodes.Call, load);
            Keep(register);
        }

        private void Push(int register)
        {
            if (!_registers.ContainsKey(register))
            {
                Load(register);
            }

            il.Emit(OpCodes.Ldloc, _registers[register]);
        }

        private void Keep(int register)
        {
            LocalBuilder local = il.DeclareLocal(vector);
            il.Emit(OpCodes.Stloc, local);
            _registers.Add(register, local);
        }

        private void Base(FusedPlan.Operand operand)
        {
            if (_bases.ContainsKey(operand.Buffer))
            {
                return;
            }

            LocalBuilder first = il.DeclareLocal(typeof(T).MakeByRefType());
            _bases.Add(operand.Buffer, first);
            if (operand.Buffer < 0)
            {
                il.Emit(OpCodes.Ldarg_2);
            }
            else
            {
                il.Emit(OpCodes.Ldarg_1);
                il.Emit(OpCodes.Ldc_I4, operand.Buffer);
                il.Emit(OpCodes.Ldelem_Ref);
            }

            il.Emit(OpCodes.Call, firstOf);
            il.Emit(OpCodes.Stloc, first);
        }

        private void Address(FusedPlan.Operand operand)
        {
            il.Emit(OpCodes.Ldloc, _bases[operand.Buffer]);
            il.Emit(OpCodes.Ldloc, _at);
            il.Emit(OpCodes.Add);
            Offset(operand.Offset);
        }

        private void Offset(int elements)
        {
            il.Emit(OpCodes.Ldc_I8, (long)elements * size);
            il.Emit(OpCodes.Conv_I);
            il.Emit(OpCodes.Add);
        }

        /// <summary>The vector's operation with one argument.</summary>
        private static MethodInfo Find(string name) =>
            vector.GetMethods().Single(method => method.Name == name && method.GetParameters().Length == 1);
    }
}
