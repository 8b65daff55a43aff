using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

public abstract partial class LinearMethod
{
    /// <summary>BiCGStab, for any regular A, in memory that does not grow: 4 n work elements, two products and ten
    /// vector operations for each iteration.</summary>
    /// <remarks>H. A. van der Vorst (1992). Its residual may jump, and it breaks down where A is skew-symmetric, for
    /// rᵀAr = 0 there; GMRES does neither. Departs from the source in that a breakdown starts it anew from where it is, and
    /// that b − A x is computed at the end, one product, so that the residual reported is true.</remarks>
    public static LinearMethod BiCgStab { get; } = new BiCgStabMethod();

    private sealed class BiCgStabMethod : VerifiedMethod
    {
        public override string Name => "bicgstab";

        private protected override int OwnLength(int n) => checked(4 * n);

        protected override Sweep Improve<T>(
            LinearSystem<T> system,
            Workspace workspace,
            double norm,
            double target,
            int limit
        )
        {
            int n = system.N;
            ref T x = ref workspace.At<T>(system.X);
            ref T v = ref workspace.At<T>(system.V);
            ref T av = ref workspace.At<T>(system.Av);
            ref T residual = ref workspace.At<T>(system.Work);
            ref T shadow = ref Unsafe.Add(ref residual, n);
            ref T direction = ref Unsafe.Add(ref residual, 2 * (nint)n);
            ref T image = ref Unsafe.Add(ref residual, 3 * (nint)n);
            Vectors.Copy(ref residual, ref shadow, n);
            Vectors.Copy(ref residual, ref direction, n);

            double rounding = double.CreateTruncating(T.BitIncrement(T.One) - T.One);
            double normOfShadow = norm;
            double ρ = norm * norm;
            int products = 0;
            while (norm > target)
            {
                if (products == limit)
                {
                    return new Sweep(SolveStatus.OutOfIterations, products, double.NaN);
                }

                Vectors.Copy(ref direction, ref v, n);
                system.Product(workspace);
                products++;
                Vectors.Copy(ref av, ref image, n);
                double along = Vectors.Dot(ref shadow, ref image, n);
                double α = ρ / along;
                if (
                    !double.IsFinite(α)
                    || Math.Abs(along) <= rounding * normOfShadow * Vectors.Norm(ref image, n)
                )
                {
                    return new Sweep(SolveStatus.Breakdown, products, double.NaN);
                }

                Vectors.AddScaled(ref residual, -α, ref image, n);
                norm = Vectors.Norm(ref residual, n);
                if (!double.IsFinite(norm))
                {
                    return new Sweep(SolveStatus.Breakdown, products, double.NaN);
                }

                Vectors.AddScaled(ref x, α, ref direction, n);
                if (norm <= target)
                {
                    break;
                }

                if (products == limit)
                {
                    return new Sweep(SolveStatus.OutOfIterations, products, double.NaN);
                }

                Vectors.Copy(ref residual, ref v, n);
                system.Product(workspace);
                products++;
                double square = Vectors.Dot(ref av, ref av, n);
                double straight = Vectors.Dot(ref av, ref residual, n);
                double ω = straight / square;
                if (!double.IsFinite(ω) || Math.Abs(straight) <= rounding * norm * Math.Sqrt(square))
                {
                    return new Sweep(SolveStatus.Breakdown, products, double.NaN);
                }

                Vectors.AddScaled(ref x, ω, ref residual, n);
                Vectors.AddScaled(ref residual, -ω, ref av, n);
                norm = Vectors.Norm(ref residual, n);
                double next = Vectors.Dot(ref shadow, ref residual, n);
                if (Math.Abs(next) <= rounding * normOfShadow * norm && norm > target)
                {
                    return new Sweep(SolveStatus.Breakdown, products, double.NaN);
                }

                Vectors.AddScaled(ref direction, -ω, ref image, n);
                Vectors.ScaleAndAdd(ref direction, next / ρ * (α / ω), ref residual, n);
                ρ = next;
            }

            return new Sweep(SolveStatus.Converged, products, double.NaN);
        }
    }
}
