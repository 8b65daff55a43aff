using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.InteropServices;

namespace Stackelberg.Kernels;

/// <summary>Emits a chain of operations on single numbers as one method: loads, arithmetic on the stack and in
/// locals, stores. Its bits are those of the interpreted block.</summary>
internal static class ScalarBody
{
    /// <summary>Above this number of operations the chain is left to the interpreter: the compiler of .NET stops to
    /// keep locals in registers at about a thousand.</summary>
    public const int Limit = 900;

    /// <summary>A value read once is computed where it is read, on the stack, unless that nests deeper than this.</summary>
    private const int Depth = 60;

    /// <summary>Whether every operation can be emitted, and the chain is not too long.</summary>
    public static bool Fits(Instruction[] instructions, Type type) =>
        instructions.Length <= Limit
        && Array.TrueForAll(
            instructions,
            instruction => instruction.Kernel.Code is not null || instruction.Kernel.One(type) is not null
        );

    public static Action<Array[]> Emit<T>(Load[] loads, Instruction[] instructions, Store[] stores)
        where T : unmanaged
    {
        var method = new DynamicMethod(
            "scalars",
            null,
            [typeof(object), typeof(Array[])],
            typeof(ScalarBody).Module,
            true
        );
        new Emitter<T>(method.GetILGenerator(), loads, instructions, stores).EmitAll();
        // Closed over an object that it does not read: calling an open static delegate would shuffle its arguments.
        return method.CreateDelegate<Action<Array[]>>(method);
    }

    private sealed class Emitter<T>(ILGenerator il, Load[] loads, Instruction[] instructions, Store[] stores)
        where T : unmanaged
    {
        private static readonly MethodInfo firstOf = typeof(MemoryMarshal)
            .GetMethods()
            .Single(method =>
                method.Name == nameof(MemoryMarshal.GetArrayDataReference) && method.IsGenericMethod
            )
            .MakeGenericMethod(typeof(T));

        private readonly Dictionary<int, Instruction> _definitions = instructions.ToDictionary(i => i.Result);
        private readonly Dictionary<int, int> _uses = [];
        private readonly Dictionary<int, LocalBuilder> _locals = [];
        private readonly Dictionary<int, LocalBuilder> _buffers = [];
        private readonly Dictionary<int, int> _depths = [];

        public void EmitAll()
        {
            foreach (Instruction instruction in instructions)
            {
                Count(instruction.A);
                Count(instruction.Kernel.Arity > 1 ? instruction.B : -1);
                Count(instruction.Kernel.Arity > 2 ? instruction.C : -1);
            }

            foreach (Store store in stores)
            {
                Count(store.Register);
            }

            // All is read before anything is stored, so that a store may replace a load.
            for (int i = 0; i < loads.Length; i++)
            {
                if (_uses.ContainsKey(i) && loads[i].Constant is null)
                {
                    Address(loads[i].From);
                    il.Emit(typeof(T) == typeof(double) ? OpCodes.Ldind_R8 : OpCodes.Ldind_R4);
                    Keep(i);
                }
            }

            foreach (Instruction instruction in instructions)
            {
                int register = instruction.Result;
                int depth =
                    1
                    + Math.Max(
                        DepthOf(instruction.A),
                        Math.Max(DepthOf(instruction.B), DepthOf(instruction.C))
                    );
                bool inline = _uses.GetValueOrDefault(register) == 1 && depth < Depth;
                _depths[register] = inline ? depth : 0;
                if (!inline && _uses.ContainsKey(register))
                {
                    Compute(instruction);
                    Keep(register);
                }
            }

            foreach (Store store in stores)
            {
                if (!_locals.ContainsKey(store.Register))
                {
                    Push(store.Register);
                    Keep(store.Register);
                }
            }

            foreach (Store store in stores)
            {
                Address(store.To);
                il.Emit(OpCodes.Ldloc, _locals[store.Register]);
                il.Emit(typeof(T) == typeof(double) ? OpCodes.Stind_R8 : OpCodes.Stind_R4);
            }

            il.Emit(OpCodes.Ret);
        }

        private void Count(int register)
        {
            if (register >= 0)
            {
                _uses[register] = _uses.GetValueOrDefault(register) + 1;
            }
        }

        private int DepthOf(int register) => register < 0 ? 0 : _depths.GetValueOrDefault(register);

        private void Keep(int register)
        {
            _locals[register] = il.DeclareLocal(typeof(T));
            il.Emit(OpCodes.Stloc, _locals[register]);
        }

        private void Push(int register)
        {
            if (_locals.TryGetValue(register, out LocalBuilder? local))
            {
                il.Emit(OpCodes.Ldloc, local);
            }
            else if (register < loads.Length)
            {
                Constant(loads[register].Constant!.Value);
            }
            else
            {
                Compute(_definitions[register]);
            }
        }

        private void Constant(double value)
        {
            if (typeof(T) == typeof(double))
            {
                il.Emit(OpCodes.Ldc_R8, value);
            }
            else
            {
                il.Emit(OpCodes.Ldc_R4, (float)value);
            }
        }

        private void Compute(Instruction instruction)
        {
            Push(instruction.A);
            if (instruction.Kernel.Arity > 1)
            {
                Push(instruction.B);
            }

            if (instruction.Kernel.Arity > 2)
            {
                Push(instruction.C);
            }

            if (instruction.Kernel.Code is OpCode code)
            {
                il.Emit(code);
            }
            else
            {
                il.Emit(OpCodes.Call, instruction.Kernel.One(typeof(T))!);
            }
        }

        private void Address(Place place)
        {
            if (!_buffers.TryGetValue(place.Buffer, out LocalBuilder? first))
            {
                first = il.DeclareLocal(typeof(T).MakeByRefType());
                _buffers.Add(place.Buffer, first);
                il.Emit(OpCodes.Ldarg_1);
                il.Emit(OpCodes.Ldc_I4, place.Buffer);
                il.Emit(OpCodes.Ldelem_Ref);
                il.Emit(OpCodes.Call, firstOf);
                il.Emit(OpCodes.Stloc, first);
            }

            il.Emit(OpCodes.Ldloc, first);
            if (place.Offset > 0)
            {
                il.Emit(OpCodes.Ldc_I4, place.Offset * (typeof(T) == typeof(double) ? 8 : 4));
                il.Emit(OpCodes.Conv_I);
                il.Emit(OpCodes.Add);
            }
        }
    }
}
