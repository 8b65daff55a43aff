using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

public abstract partial class LinearMethod
{
    /// <summary>Solves S A S y = S b by a method and gives x = S y, where S = 1 / √|d| for a diagonal d like A's own: fewer
    /// iterations where A's entries differ in scale. 4 n work elements more than the method's.</summary>
    /// <param name="method">The method.</param>
    /// <param name="diagonal">d, finite and not 0 anywhere. For a longer unknown, as in a batch, it repeats.</param>
    /// <exception cref="ArgumentException">d is empty, or an entry is 0 or not finite.</exception>
    /// <remarks>S A S is symmetric where A is. The tolerance and the residual reported are those of A x = b, whose
    /// residual takes one product more for each time that the method says that it is done. A curvature reported is
    /// that of S A S.</remarks>
    public static LinearMethod Preconditioned(LinearMethod method, ReadOnlySpan<double> diagonal)
    {
        ArgumentNullException.ThrowIfNull(method);
        if (diagonal.IsEmpty)
        {
            throw new ArgumentException("Preconditioned: diagonal is empty.", nameof(diagonal));
        }

        for (int i = 0; i < diagonal.Length; i++)
        {
            if (!double.IsFinite(diagonal[i]) || diagonal[i] == 0.0)
            {
                throw new ArgumentException(
                    $"Preconditioned: diagonal has {diagonal[i]} at entry {i}, but finite numbers other than 0 are needed.",
                    nameof(diagonal)
                );
            }
        }

        return new PreconditionedMethod(method, diagonal.ToArray(), 0);
    }

    /// <summary>As with a given diagonal, but each solve first takes A's diagonal from products with combs: entry i of A
    /// times the vector that is 1 at i, i ± p, i ± 2p, … and 0 elsewhere.</summary>
    /// <param name="method">The method.</param>
    /// <param name="products">p, at least 1. The diagonal is exact for p ≥ n, and for A whose other entries lie less
    /// than p beside the diagonal; elsewhere every p-th entry of the row is added to it, wherefore it only pays
    /// where the diagonal dominates.</param>
    /// <exception cref="ArgumentException"><paramref name="products"/> is below 1.</exception>
    /// <remarks>A. R. Curtis, M. J. D. Powell and J. K. Reid (1974). Entries that are a rounding of the largest are
    /// replaced by the largest.</remarks>
    public static LinearMethod Jacobi(LinearMethod method, int products)
    {
        ArgumentNullException.ThrowIfNull(method);
        if (products < 1)
        {
            throw new ArgumentException(
                $"Jacobi: products is {products}, but must be at least 1.",
                nameof(products)
            );
        }

        return new PreconditionedMethod(method, [], products);
    }

    private sealed class PreconditionedMethod(LinearMethod method, double[] diagonal, int combs)
        : LinearMethod
    {
        /// <summary>What brings a diagonal's S near 1 where it is not: a multiple of S, made good in x = S y.</summary>
        private readonly int power = PowerOf(diagonal);

        /// <summary>A pass that leaves more than this of the true residual, and not the tolerance, is the last.</summary>
        private const double LeastProgress = 0.5;

        /// <summary>A pass is asked to leave at most this of the residual, however near the tolerance is.</summary>
        private const double MostOfPass = 0.1;

        private LinearMethod Method => method;
        private double[] Given => diagonal;
        private int Combs => combs;

        public override string Name =>
            combs == 0 ? $"{method.Name} preconditioned" : $"{method.Name} with jacobi({combs})";

        public override bool NeedsTranspose => method.NeedsTranspose;

        /// <summary>The method's, S, the v of a product, the scaled right side and its answer.</summary>
        private protected override int OwnLength(int n) => checked(method.OwnLength(n) + 4 * n);

        internal override bool ScalesMatrix => method.ScalesMatrix;

        public override bool Equals(object? obj) =>
            obj is PreconditionedMethod other
            && other.Method.Equals(method)
            && other.Combs == combs
            && other.Given.AsSpan().SequenceEqual(diagonal);

        public override int GetHashCode() => HashCode.Combine(method, combs, diagonal.Length);

        internal override LinearSystem<T>[] Within<T>(LinearSystem<T> system)
        {
            int n = system.N;
            Place scale = system.Work.Plus(method.OwnLength(n));
            LinearSystem<T> scaled = system with
            {
                Scale = scale,
                Kept = scale.Plus(n),
                B = scale.Plus(2 * n),
                X = scale.Plus(3 * n),
                Guess = null,
            };
            return [scaled with { Within = method.Within(scaled) }];
        }

        internal override SolveReport Solve(
            LinearSystem<double> system,
            SolveLimits limits,
            Workspace workspace
        ) => Refine(system, system.Within[0], limits, workspace);

        internal override SolveReport Solve(
            LinearSystem<float> system,
            SolveLimits limits,
            Workspace workspace
        ) => Refine(system, system.Within[0], limits, workspace);

        private SolveReport Refine<T>(
            LinearSystem<T> system,
            LinearSystem<T> scaled,
            SolveLimits limits,
            Workspace workspace
        )
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            int n = system.N;
            ref T x = ref workspace.At<T>(system.X);
            ref T scale = ref workspace.At<T>(scaled.Scale!.Value);
            ref T residual = ref workspace.At<T>(scaled.B);
            ref T correction = ref workspace.At<T>(scaled.X);
            double normOfB = system.NormOfRight(workspace);
            int products = system.Start(workspace, ref residual, normOfB);
            if (normOfB == 0.0)
            {
                return system.End(workspace, SolveStatus.Converged, products, 0.0, double.NaN);
            }

            double norm = Vectors.Norm(ref residual, n);
            double curvature = double.NaN;
            int left = limits.MaxIterations;
            SolveStatus status = SolveStatus.Converged;
            if (!(norm <= limits.Tolerance * normOfB))
            {
                products += FindScale(system, workspace, ref scale);
            }

            while (!(norm <= limits.Tolerance * normOfB))
            {
                if (!double.IsFinite(norm))
                {
                    status = SolveStatus.Breakdown;
                    break;
                }

                if (left <= 0)
                {
                    status = SolveStatus.OutOfIterations;
                    break;
                }

                Vectors.Multiply(ref residual, ref scale, ref residual, n);
                SolveReport pass = method.SolveAny(
                    scaled,
                    // Asked for hardly less than there is, a pass would end before the tolerance and look like no progress.
                    new SolveLimits(Math.Min(limits.Tolerance * normOfB / norm, MostOfPass), left),
                    workspace
                );
                left -= Math.Max(pass.Iterations, 1);
                curvature = double.MinNumber(curvature, pass.Curvature);
                Vectors.Multiply(ref correction, ref scale, ref correction, n);
                Vectors.AddScaled(ref x, 1.0, ref correction, n);
                system.Residual(workspace, ref residual);
                products += pass.Iterations + 1;
                double before = norm;
                norm = Vectors.Norm(ref residual, n);
                if (norm <= limits.Tolerance * normOfB)
                {
                    break;
                }

                if (pass.Status is not (SolveStatus.Converged or SolveStatus.OutOfIterations))
                {
                    status = pass.Status;
                    break;
                }

                if (left > 0 && !(norm <= LeastProgress * before))
                {
                    status = double.IsFinite(norm) ? SolveStatus.Stagnated : SolveStatus.Breakdown;
                    break;
                }
            }

            return system.End(workspace, status, products, norm / normOfB, curvature);
        }

        private static int PowerOf(double[] diagonal)
        {
            if (diagonal.Length == 0)
            {
                return 0;
            }

            int exponent = Math.ILogB(diagonal.Max(Math.Abs)) / 2;
            return Math.Abs(exponent) > Scaling.PlainMatrix<float>() ? exponent : 0;
        }

        /// <summary>Sets S and returns the products used.</summary>
        private int FindScale<T>(LinearSystem<T> system, Workspace workspace, ref T scale)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            int n = system.N;
            if (combs == 0)
            {
                for (int i = 0; i < n; i++)
                {
                    Unsafe.Add(ref scale, i) = T.CreateTruncating(
                        Math.ScaleB(1.0 / Math.Sqrt(Math.Abs(diagonal[i % diagonal.Length])), power)
                    );
                }

                return 0;
            }

            ref T v = ref workspace.At<T>(system.V);
            ref T av = ref workspace.At<T>(system.Av);
            int products = Math.Min(combs, n);
            T largest = T.Zero;
            for (int first = 0; first < products; first++)
            {
                Buffers.Span(ref v, n).Clear();
                for (int i = first; i < n; i += products)
                {
                    Unsafe.Add(ref v, i) = T.One;
                }

                system.Product(workspace);
                for (int i = first; i < n; i += products)
                {
                    T entry = T.Abs(Unsafe.Add(ref av, i));
                    Unsafe.Add(ref scale, i) = entry;
                    largest = T.MaxNumber(largest, entry);
                }
            }

            T least = (T.BitIncrement(T.One) - T.One) * largest;
            for (int i = 0; i < n; i++)
            {
                T entry = Unsafe.Add(ref scale, i);
                T used =
                    entry > least ? entry
                    : largest > T.Zero ? largest
                    : T.One;
                Unsafe.Add(ref scale, i) = T.One / T.Sqrt(used);
            }

            return products;
        }
    }
}
