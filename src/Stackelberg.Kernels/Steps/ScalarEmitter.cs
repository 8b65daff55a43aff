using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.InteropServices;

namespace Stackelberg.Kernels;

/// <summary>Emits a chain of operations on single numbers: a value read once is computed where it is read, on the stack,
/// the others are kept in locals. The method's argument 1 is the run's buffers.</summary>
internal sealed class ScalarEmitter<T>(ILGenerator il, Load[] loads, Instruction[] instructions)
    where T : unmanaged
{
    /// <summary>A value read once is computed where it is read unless that nests deeper than this.</summary>
    private const int Depth = 60;

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

    public static bool IsDouble => typeof(T) == typeof(double);

    /// <summary>Bytes of a number.</summary>
    public static int Size => IsDouble ? sizeof(double) : sizeof(float);

    /// <summary>Says which registers are wanted; what none of them needs is not computed.</summary>
    public void Want(IEnumerable<int> registers)
    {
        foreach (int register in registers)
        {
            Count(register);
        }

        // Operations stand after those whose results they read.
        for (int i = instructions.Length - 1; i >= 0; i--)
        {
            Instruction instruction = instructions[i];
            if (_uses.ContainsKey(instruction.Result))
            {
                Count(instruction.A);
                Count(instruction.Kernel.Arity > 1 ? instruction.B : -1);
                Count(instruction.Kernel.Arity > 2 ? instruction.C : -1);
            }
        }
    }

    /// <summary>Whether a register is read.</summary>
    public bool IsUsed(int register) => _uses.ContainsKey(register);

    /// <summary>A local that holds a register, into which the number on the stack goes.</summary>
    public LocalBuilder Keep(int register)
    {
        LocalBuilder local = il.DeclareLocal(typeof(T));
        _locals[register] = local;
        il.Emit(OpCodes.Stloc, local);
        return local;
    }

    /// <summary>Computes what is wanted, of loads that are kept.</summary>
    public void Compute()
    {
        foreach (Instruction instruction in instructions)
        {
            int register = instruction.Result;
            int depth =
                1
                + Math.Max(DepthOf(instruction.A), Math.Max(DepthOf(instruction.B), DepthOf(instruction.C)));
            bool inline = _uses.GetValueOrDefault(register) == 1 && depth < Depth;
            _depths[register] = inline ? depth : 0;
            if (!inline && _uses.ContainsKey(register))
            {
                Compute(instruction);
                Keep(register);
            }
        }
    }

    /// <summary>The local of a register; it is computed if it is not yet.</summary>
    public LocalBuilder LocalOf(int register)
    {
        if (!_locals.TryGetValue(register, out LocalBuilder? local))
        {
            Push(register);
            local = Keep(register);
        }

        return local;
    }

    /// <summary>Puts the address of a place on the stack.</summary>
    public void Address(Place place)
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
        Further(place.Offset);
    }

    /// <summary>Moves the address on the stack on by so many numbers.</summary>
    public void Further(int count)
    {
        if (count != 0)
        {
            il.Emit(OpCodes.Ldc_I4, count * Size);
            il.Emit(OpCodes.Conv_I);
            il.Emit(OpCodes.Add);
        }
    }

    /// <summary>Reads the number at the address on the stack.</summary>
    public void Read() => il.Emit(IsDouble ? OpCodes.Ldind_R8 : OpCodes.Ldind_R4);

    /// <summary>Writes the number on the stack to the address below it.</summary>
    public void Write() => il.Emit(IsDouble ? OpCodes.Stind_R8 : OpCodes.Stind_R4);

    /// <summary>Puts a number on the stack.</summary>
    public void Constant(double value)
    {
        if (IsDouble)
        {
            il.Emit(OpCodes.Ldc_R8, value);
        }
        else
        {
            il.Emit(OpCodes.Ldc_R4, (float)value);
        }
    }

    private void Count(int register)
    {
        if (register >= 0)
        {
            _uses[register] = _uses.GetValueOrDefault(register) + 1;
        }
    }

    private int DepthOf(int register) => register < 0 ? 0 : _depths.GetValueOrDefault(register);

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
}
