using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

public abstract partial class LinearMethod
{
    /// <summary>GMRES, for any regular A, restarted after <paramref name="restart"/> products.</summary>
    /// <param name="restart">How many basis vectors it keeps, at least 1; no more than n are used.</param>
    /// <exception cref="ArgumentException"><paramref name="restart"/> is below 1.</exception>
    /// <remarks>Y. Saad and M. H. Schultz (1986), with modified Gram–Schmidt and Givens rotations. The residual it
    /// reports is the rotations' recurrence when it converges within a cycle, and b − A x, by a product, at each
    /// restart. The recurrence is true as long as the tolerance is well above the number type's precision.</remarks>
    public static LinearMethod Gmres(int restart)
    {
        if (restart < 1)
        {
            throw new ArgumentException(
                $"Gmres: restart is {restart}, but must be at least 1.",
                nameof(restart)
            );
        }

        return new GmresMethod(restart);
    }

    private sealed class GmresMethod(int restart) : LinearMethod
    {
        public override string Name => $"gmres({restart})";

        public override bool Equals(object? obj) => obj is GmresMethod other && other.Name == Name;

        public override int GetHashCode() => restart;

        /// <summary>The basis (m + 1) · n, the triangle m · (m + 1), the rotations 2 m, the rotated right-hand side
        /// m + 1.</summary>
        private protected override int OwnLength(int n)
        {
            int m = Math.Min(restart, n);
            return checked((m + 1) * n + m * (m + 1) + 2 * m + m + 1);
        }

        internal override SolveReport Solve(
            LinearSystem<double> system,
            SolveLimits limits,
            Workspace workspace
        ) => Iterate(system, limits, workspace);

        internal override SolveReport Solve(
            LinearSystem<float> system,
            SolveLimits limits,
            Workspace workspace
        ) => Iterate(system, limits, workspace);

        private SolveReport Iterate<T>(LinearSystem<T> system, SolveLimits limits, Workspace workspace)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            int n = system.N;
            ref T basis = ref workspace.At<T>(system.Work);
            double normOfB = system.NormOfRight(workspace);
            int products = system.Start(workspace, ref basis, normOfB);
            if (normOfB == 0.0)
            {
                return system.End(workspace, SolveStatus.Converged, products, 0.0, double.NaN);
            }

            double target = limits.Tolerance * normOfB;
            int left = limits.MaxIterations;
            double norm = Vectors.Norm(ref basis, n);
            SolveStatus status = SolveStatus.Converged;
            while (!(norm <= target))
            {
                if (!double.IsFinite(norm))
                {
                    status = SolveStatus.Breakdown;
                    break;
                }

                if (left == 0)
                {
                    status = SolveStatus.OutOfIterations;
                    break;
                }

                int used = Cycle(system, workspace, ref norm, target, left, out bool brokeDown);
                products += used;
                left -= used;
                if (brokeDown)
                {
                    status = SolveStatus.Breakdown;
                    break;
                }

                if (norm > target && left > 0)
                {
                    system.Residual(workspace, ref basis);
                    norm = Vectors.Norm(ref basis, n);
                    products++;
                    left--;
                }
            }

            return system.End(workspace, status, products, norm / normOfB, double.NaN);
        }

        /// <summary>One cycle from the residual in the basis' first vector, of length <paramref name="norm"/>.
        /// Improves x and sets <paramref name="norm"/> to the new residual's length.</summary>
        private int Cycle<T>(
            LinearSystem<T> system,
            Workspace workspace,
            ref double norm,
            double target,
            int limit,
            out bool brokeDown
        )
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            int n = system.N;
            int m = Math.Min(restart, n);
            ref T basis = ref workspace.At<T>(system.Work);
            ref T triangle = ref Unsafe.Add(ref basis, (nint)(m + 1) * n);
            ref T cosines = ref Unsafe.Add(ref triangle, (nint)m * (m + 1));
            ref T sines = ref Unsafe.Add(ref cosines, m);
            ref T right = ref Unsafe.Add(ref sines, m);
            ref T v = ref workspace.At<T>(system.V);
            ref T av = ref workspace.At<T>(system.Av);

            Vectors.Scale(ref basis, 1.0 / norm, ref basis, n);
            right = T.CreateTruncating(norm);
            brokeDown = false;
            int columns = 0;
            int products = 0;
            while (columns < m && products < limit && !(norm <= target))
            {
                int j = columns;
                ref T column = ref Unsafe.Add(ref triangle, (nint)j * (m + 1));
                Vectors.Copy(ref Unsafe.Add(ref basis, (nint)j * n), ref v, n);
                system.Product(workspace);
                products++;
                double before = Vectors.Norm(ref av, n);
                if (!double.IsFinite(before))
                {
                    brokeDown = true;
                    break;
                }

                for (int i = 0; i <= j; i++)
                {
                    ref T earlier = ref Unsafe.Add(ref basis, (nint)i * n);
                    double along = Vectors.Dot(ref earlier, ref av, n);
                    Vectors.AddScaled(ref av, -along, ref earlier, n);
                    Unsafe.Add(ref column, i) = T.CreateTruncating(along);
                }

                double rest = Vectors.Norm(ref av, n);
                bool last = rest <= before * double.CreateTruncating(T.BitIncrement(T.One) - T.One);
                for (int i = 0; i < j; i++)
                {
                    T upper = Unsafe.Add(ref column, i);
                    T lower = Unsafe.Add(ref column, i + 1);
                    T cosine = Unsafe.Add(ref cosines, i);
                    T sine = Unsafe.Add(ref sines, i);
                    Unsafe.Add(ref column, i) = cosine * upper + sine * lower;
                    Unsafe.Add(ref column, i + 1) = cosine * lower - sine * upper;
                }

                double diagonal = double.CreateTruncating(Unsafe.Add(ref column, j));
                double below = last ? 0.0 : rest;
                double length = Math.Sqrt(diagonal * diagonal + below * below);
                // The Krylov space is invariant and A is singular on it: no combination of the basis helps.
                if (length <= before * double.CreateTruncating(T.BitIncrement(T.One) - T.One))
                {
                    brokeDown = true;
                    break;
                }

                double c = diagonal / length;
                double s = below / length;
                Unsafe.Add(ref cosines, j) = T.CreateTruncating(c);
                Unsafe.Add(ref sines, j) = T.CreateTruncating(s);
                Unsafe.Add(ref column, j) = T.CreateTruncating(length);
                double tip = double.CreateTruncating(Unsafe.Add(ref right, j));
                Unsafe.Add(ref right, j) = T.CreateTruncating(c * tip);
                Unsafe.Add(ref right, j + 1) = T.CreateTruncating(-s * tip);
                norm = Math.Abs(s * tip);
                columns++;
                if (last)
                {
                    break;
                }

                Vectors.Scale(ref Unsafe.Add(ref basis, (nint)(j + 1) * n), 1.0 / rest, ref av, n);
            }

            Combine(ref workspace.At<T>(system.X), n, ref basis, ref triangle, m + 1, ref right, columns);
            return products;
        }

        /// <summary>x += basis · y with triangle · y = right; y takes the place of right.</summary>
        private static void Combine<T>(
            ref T x,
            int n,
            ref T basis,
            ref T triangle,
            int stride,
            ref T right,
            int columns
        )
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            for (int i = columns - 1; i >= 0; i--)
            {
                T sum = Unsafe.Add(ref right, i);
                for (int j = i + 1; j < columns; j++)
                {
                    sum -= Unsafe.Add(ref triangle, (nint)j * stride + i) * Unsafe.Add(ref right, j);
                }

                T weight = sum / Unsafe.Add(ref triangle, (nint)i * stride + i);
                Unsafe.Add(ref right, i) = weight;
                Vectors.AddScaled(
                    ref x,
                    double.CreateTruncating(weight),
                    ref Unsafe.Add(ref basis, (nint)i * n),
                    n
                );
            }
        }
    }
}
