using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

public abstract partial class LinearMethod
{
    /// <summary>LSMR, for every A, singular too: 4 n work elements, a product with A and one with Aᵀ for each
    /// iteration.</summary>
    /// <remarks>D. C.-L. Fong and M. A. Saunders (2011): MINRES on AᵀA x = Aᵀb, so the number of iterations grows with
    /// the condition of A, where MINRES' and GMRES' do so only with a few spread eigenvalues. It finds the x of
    /// least ‖b − A x‖, and of those the least x where it starts at 0 (from a guess, the one nearest to the guess). If that
    /// residual is not within tolerance, the status is <see cref="SolveStatus.LeastSquares"/>. Departs from the
    /// source in that b − A x is computed at the end, one product, so that the residual reported is true.</remarks>
    public static LinearMethod Lsmr { get; } = new LsmrMethod();

    private sealed class LsmrMethod : VerifiedMethod
    {
        public override string Name => "lsmr";

        public override bool NeedsTranspose => true;

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
            ref T input = ref workspace.At<T>(system.V);
            ref T output = ref workspace.At<T>(system.Av);
            ref T u = ref workspace.At<T>(system.Work);
            ref T v = ref Unsafe.Add(ref u, n);
            ref T h = ref Unsafe.Add(ref u, 2 * (nint)n);
            ref T hBar = ref Unsafe.Add(ref u, 3 * (nint)n);

            // The source's names, its bars and hats as words.
            double β = norm;
            Vectors.Scale(ref u, 1.0 / β, ref u, n);
            Vectors.Copy(ref u, ref input, n);
            system.TransposedProduct(workspace);
            int products = 1;
            double α = Vectors.Norm(ref output, n);
            if (!double.IsFinite(α))
            {
                return new Sweep(SolveStatus.Breakdown, products, double.NaN);
            }

            if (α == 0.0)
            {
                return new Sweep(SolveStatus.LeastSquares, products, double.NaN);
            }

            Vectors.Scale(ref v, 1.0 / α, ref output, n);
            Vectors.Copy(ref v, ref h, n);
            Buffers.Span(ref hBar, n).Clear();
            double αBar = α;
            double ζBar = α * β;
            double ρ = 1.0;
            double ρBar = 1.0;
            double cBar = 1.0;
            double sBar = 0.0;
            ResidualNorm residual = new(β);
            double square = α * α;
            while (true)
            {
                if (products + 2 > limit)
                {
                    // One product is left at most, and no half iteration improves x.
                    return new Sweep(SolveStatus.OutOfIterations, products, double.NaN);
                }

                Vectors.Copy(ref v, ref input, n);
                system.Product(workspace);
                Vectors.ScaleAndAdd(ref u, -α, ref output, n);
                β = Vectors.Norm(ref u, n);
                if (β > 0.0)
                {
                    Vectors.Scale(ref u, 1.0 / β, ref u, n);
                }

                Vectors.Copy(ref u, ref input, n);
                system.TransposedProduct(workspace);
                products += 2;
                Vectors.ScaleAndAdd(ref v, -β, ref output, n);
                α = Vectors.Norm(ref v, n);
                if (!double.IsFinite(α) || !double.IsFinite(β))
                {
                    return new Sweep(SolveStatus.Breakdown, products, double.NaN);
                }

                if (α > 0.0)
                {
                    Vectors.Scale(ref v, 1.0 / α, ref v, n);
                }

                square += α * α + β * β;
                double lastρ = ρ;
                ρ = Math.Sqrt(αBar * αBar + β * β);
                double c = αBar / ρ;
                double s = β / ρ;
                double θ = s * α;
                αBar = c * α;

                double lastρBar = ρBar;
                double θBar = sBar * ρ;
                ρBar = Math.Sqrt(cBar * ρ * cBar * ρ + θ * θ);
                cBar = cBar * ρ / ρBar;
                sBar = θ / ρBar;
                double ζ = cBar * ζBar;
                ζBar *= -sBar;

                Vectors.ScaleAndAdd(ref hBar, -θBar * ρ / (lastρ * lastρBar), ref h, n);
                Vectors.AddScaled(ref x, ζ / (ρ * ρBar), ref hBar, n);
                Vectors.ScaleAndAdd(ref h, -θ / ρ, ref v, n);

                double length = residual.Next(c, s, θBar, ρBar, ζ);
                if (length <= target)
                {
                    return new Sweep(SolveStatus.Converged, products, double.NaN);
                }

                if (Math.Abs(ζBar) <= RoundingOf<T>() * Math.Sqrt(square) * length)
                {
                    return new Sweep(SolveStatus.LeastSquares, products, double.NaN);
                }
            }
        }

        /// <summary>‖b − A x‖ by the recurrences of the source's section 5.1.</summary>
        private struct ResidualNorm(double β)
        {
            private double βDoubleDot = β;
            private double βDot;
            private double ρDot = 1.0;
            private double lastτTilde;
            private double θTilde;
            private double lastζ;

            public double Next(double c, double s, double θBar, double ρBar, double ζ)
            {
                double βHat = c * βDoubleDot;
                βDoubleDot *= -s;
                double lastθTilde = θTilde;
                double ρTilde = Math.Sqrt(ρDot * ρDot + θBar * θBar);
                double cTilde = ρDot / ρTilde;
                double sTilde = θBar / ρTilde;
                θTilde = sTilde * ρBar;
                ρDot = cTilde * ρBar;
                βDot = -sTilde * βDot + cTilde * βHat;
                lastτTilde = (lastζ - lastθTilde * lastτTilde) / ρTilde;
                double τDot = (ζ - θTilde * lastτTilde) / ρDot;
                lastζ = ζ;
                double apart = βDot - τDot;
                return Math.Sqrt(apart * apart + βDoubleDot * βDoubleDot);
            }
        }
    }
}
