using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

public abstract partial class LinearMethod
{
    /// <summary>MINRES, for symmetric A, indefinite or singular too: 5 n work elements, one product and seven vector
    /// operations for each iteration.</summary>
    /// <remarks>C. C. Paige and M. A. Saunders (1975). Of a singular system with solutions it finds one, the least where it
    /// starts at 0; of one without, an x of least residual (<see cref="SolveStatus.LeastSquares"/>). Departs from
    /// the source in that it computes b − A x at the end, one product, and goes on from there where the recurrence
    /// was too hopeful; the residual reported is therefore true, and for a matrix without symmetry tells so.</remarks>
    public static LinearMethod Minres { get; } = new MinresMethod();

    private sealed class MinresMethod : VerifiedMethod
    {
        public override string Name => "minres";

        private protected override int OwnLength(int n) => checked(5 * n);

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
            // Lanczos vectors before normalisation, and the directions of the last two iterations.
            ref T current = ref workspace.At<T>(system.Work);
            ref T last = ref Unsafe.Add(ref current, n);
            ref T w1 = ref Unsafe.Add(ref current, 2 * (nint)n);
            ref T w2 = ref Unsafe.Add(ref current, 3 * (nint)n);
            Buffers.Span(ref last, 3 * n).Clear();

            double curvature = double.NaN;
            double β = norm;
            double lastβ = 0.0;
            double φBar = norm;
            double δBar = 0.0;
            double ε = 0.0;
            double cosine = -1.0;
            double sine = 0.0;
            double square = 0.0;
            for (int products = 0; ; )
            {
                if (φBar <= target)
                {
                    return new Sweep(SolveStatus.Converged, products, curvature);
                }

                if (products == limit)
                {
                    return new Sweep(SolveStatus.OutOfIterations, products, curvature);
                }

                Vectors.Scale(ref v, 1.0 / β, ref current, n);
                system.Product(workspace);
                products++;
                if (lastβ > 0.0)
                {
                    Vectors.AddScaled(ref av, -β / lastβ, ref last, n);
                }

                double α = Vectors.Dot(ref v, ref av, n);
                Vectors.AddScaled(ref av, -α / β, ref current, n);
                double nextβ = Vectors.Norm(ref av, n);
                if (!double.IsFinite(α) || !double.IsFinite(nextβ))
                {
                    return new Sweep(SolveStatus.Breakdown, products, curvature);
                }

                curvature = double.MinNumber(curvature, α);
                square += α * α + β * β * (lastβ > 0.0 ? 1.0 : 0.0) + nextβ * nextβ;
                double lastε = ε;
                double δ = cosine * δBar + sine * α;
                double γBar = sine * δBar - cosine * α;
                ε = sine * nextβ;
                δBar = -cosine * nextβ;

                // ‖A r‖ / ‖r‖ of the residual before this iteration.
                if (Hypotenuse(γBar, δBar) <= RoundingOf<T>() * Math.Sqrt(square))
                {
                    return new Sweep(SolveStatus.LeastSquares, products, curvature);
                }

                double γ = Hypotenuse(γBar, nextβ);
                cosine = γBar / γ;
                sine = nextβ / γ;
                double φ = cosine * φBar;
                φBar *= sine;

                // The new direction takes the place of the last but one.
                Vectors.ScaleAndAdd(ref w1, -lastε, ref v, n);
                Vectors.AddScaled(ref w1, -δ, ref w2, n);
                Vectors.Scale(ref w1, 1.0 / γ, ref w1, n);
                Vectors.AddScaled(ref x, φ, ref w1, n);
                ref T newest = ref w1;
                w1 = ref w2;
                w2 = ref newest;

                Vectors.Copy(ref av, ref last, n);
                ref T next = ref last;
                last = ref current;
                current = ref next;
                lastβ = β;
                β = nextβ;
            }
        }

        private static double Hypotenuse(double a, double b) => Math.Sqrt(a * a + b * b);
    }
}
