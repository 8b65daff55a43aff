using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

public static partial class Steps
{
    /// <summary>Whether each symmetric matrix of a batch is positive definite: the least pivot of its Cholesky factor's
    /// square.</summary>
    /// <param name="type">The number type of all operands.</param>
    /// <param name="batch">How many matrices.</param>
    /// <param name="n">Rows and columns of each.</param>
    /// <param name="a">[batch, n, n], contiguous, not overwritten; its symmetric part (A + Aᵀ) / 2 counts.</param>
    /// <param name="to">[batch]: the least pivot, above 0 for a positive definite matrix and for no other. The
    /// elimination ends at the first that is not positive, so the number is no eigenvalue: its sign counts. NaN
    /// where an entry is.</param>
    /// <param name="work">n·n elements that the step may use.</param>
    /// <exception cref="ArgumentException">Something is negative.</exception>
    /// <remarks>n³ / 3 operations at most.</remarks>
    public static Step LeastPivot(DType type, int batch, int n, Place a, Place to, Place work)
    {
        Check.Type("LeastPivot", type);
        Check.Count("LeastPivot", batch);
        Check.Count("LeastPivot", n);
        Check.At("LeastPivot", a);
        Check.At("LeastPivot", to);
        Check.At("LeastPivot", work);
        return type == DType.Float64
            ? new LeastPivotStep<double>(batch, n, a, to, work)
            : new LeastPivotStep<float>(batch, n, a, to, work);
    }
}

internal sealed class LeastPivotStep<T>(int batch, int n, Place a, Place to, Place work) : Step<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override IEnumerable<Region> Regions =>
        [From(a, (long)batch * n * n), From(to, batch), From(work, batch == 0 ? 0 : (long)n * n)];

    public override void Run(Workspace workspace)
    {
        ref T rest = ref workspace.At<T>(work);
        ref T least = ref workspace.At<T>(to);
        for (int i = 0; i < batch; i++)
        {
            Unsafe.Add(ref least, i) = LeastPivot.Of(
                ref Unsafe.Add(ref workspace.At<T>(a), (nint)i * n * n),
                ref rest,
                n
            );
        }
    }
}

/// <summary>The elimination of <see cref="Steps.LeastPivot"/>.</summary>
internal static class LeastPivot
{
    /// <summary>Eliminates the lower triangle without square roots.</summary>
    /// <param name="matrix">[n, n]: its symmetric part counts.</param>
    /// <param name="rest">[n, n]: where.</param>
    /// <param name="n">Rows and columns.</param>
    public static T Of<T>(ref T matrix, ref T rest, int n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T half = T.One / (T.One + T.One);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                Unsafe.Add(ref rest, i * n + j) =
                    half * Unsafe.Add(ref matrix, i * n + j) + half * Unsafe.Add(ref matrix, j * n + i);
            }
        }

        T least = T.PositiveInfinity;
        for (int k = 0; k < n; k++)
        {
            T pivot = Unsafe.Add(ref rest, k * n + k);
            least = T.Min(least, pivot);
            if (!(pivot > T.Zero))
            {
                return pivot;
            }

            for (int i = k + 1; i < n; i++)
            {
                T factor = Unsafe.Add(ref rest, i * n + k) / pivot;
                for (int j = k + 1; j <= i; j++)
                {
                    Unsafe.Add(ref rest, i * n + j) -= factor * Unsafe.Add(ref rest, j * n + k);
                }
            }
        }

        return least;
    }
}
