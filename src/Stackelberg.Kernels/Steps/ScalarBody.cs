using System.Reflection.Emit;

namespace Stackelberg.Kernels;

/// <summary>Emits a chain of operations on single numbers as one method: loads, arithmetic on the stack and in
/// locals, stores. Its bits are those of the interpreted block.</summary>
internal static class ScalarBody
{
    /// <summary>Above this number of operations the chain is left to the interpreter: the compiler of .NET stops to
    /// keep locals in registers at about a thousand.</summary>
    public const int Limit = 900;

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
        ILGenerator il = method.GetILGenerator();
        var emitter = new ScalarEmitter<T>(il, loads, instructions);
        emitter.Want(stores.Select(store => store.Register));

        // All is read before anything is stored, so that a store may replace a load.
        for (int i = 0; i < loads.Length; i++)
        {
            if (emitter.IsUsed(i) && loads[i].Constant is null)
            {
                emitter.Address(loads[i].From);
                emitter.Read();
                emitter.Keep(i);
            }
        }

        emitter.Compute();
        LocalBuilder[] values = Array.ConvertAll(stores, store => emitter.LocalOf(store.Register));
        for (int i = 0; i < stores.Length; i++)
        {
            emitter.Address(stores[i].To);
            il.Emit(OpCodes.Ldloc, values[i]);
            emitter.Write();
        }

        il.Emit(OpCodes.Ret);
        // Closed over an object that it does not read: calling an open static delegate would shuffle its arguments.
        return method.CreateDelegate<Action<Array[]>>(method);
    }
}
