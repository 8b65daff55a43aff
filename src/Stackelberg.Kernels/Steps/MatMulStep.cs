using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

internal sealed class MatMulStep<T>(Loops batch, int m, int k, int n, Matrix a, Matrix b, Place c) : Step<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override void Run(Workspace workspace)
    {
        if (batch.IsEmpty || m == 0 || n == 0)
        {
            return;
        }
        ref T to = ref workspace.At<T>(c);
        Walk(0, ref workspace.At<T>(a.From), ref workspace.At<T>(b.From), ref to);
    }

    private ref T Walk(int loop, ref T left, ref T right, ref T to)
    {
        if (loop < batch.Rank)
        {
            for (int i = 0; i < batch.Extents[loop]; i++)
            {
                to = ref Walk(
                    loop + 1,
                    ref Unsafe.Add(ref left, (nint)i * batch.First[loop]),
                    ref Unsafe.Add(ref right, (nint)i * batch.Second[loop]),
                    ref to
                );
            }

            return ref to;
        }

        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                T sum = T.Zero;
                for (int p = 0; p < k; p++)
                {
                    sum = T.FusedMultiplyAdd(
                        Unsafe.Add(ref left, (nint)i * a.Row + (nint)p * a.Column),
                        Unsafe.Add(ref right, (nint)p * b.Row + (nint)j * b.Column),
                        sum
                    );
                }

                Unsafe.Add(ref to, (nint)i * n + j) = sum;
            }
        }

        return ref Unsafe.Add(ref to, (nint)m * n);
    }
}
