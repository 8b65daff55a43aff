namespace Stackelberg

open System
open System.Numerics
open MathNet.Numerics
open MathNet.Numerics.LinearAlgebra.Complex

/// What the derivative of a rule's step says of the runs near a fixed point.
type internal PredictedContraction = {
    /// The greatest modulus of its eigenvalues, but for those that are 1.
    Radius: float
    /// Eigenvalues that are 1: the fixed point lies on a set of fixed points, along which nothing moves.
    Free: int
    /// Whether powers of the derivative grow beyond those of Radius.
    IsDefective: bool
    /// Moduli of all eigenvalues but those that are 1.
    Moduli: float[]
}

/// The contraction factor of runs: predicted, and measured.
module internal Contraction =

    /// Eigenvalues as near to 1 as this are 1.
    let private unitWithin = 1e-6

    /// Where the resolvent is taken: so far outside of the spectral circle, relative to its radius.
    let private outside = 1e-3

    /// Powers grow by at least K before they shrink (Kreiss's matrix theorem). A Jordan block of two with a coupling c has
    /// K = c / (outside · radius); with 2 % of the radius it still bends the slope of a run.
    let private largestConstant = 20.0

    /// (|z| − ρ) ‖(z I − M)⁻¹‖₂ at z = (1 + outside) λ; infinite where its singular values are not found.
    let private kreiss (m: float[,]) (λ: Complex) =
        let z = (1.0 + outside) * λ

        let shifted =
            DenseMatrix.OfArray(
                Array2D.mapi (fun i j entry -> (if i = j then z else Complex.Zero) - Complex(entry, 0.0)) m
            )

        try
            let singular: LinearAlgebra.Vector<Complex> = (shifted.Svd false).S
            outside * λ.Magnitude / singular[singular.Count - 1].Real
        with :? NonConvergenceException ->
            infinity

    /// Raises InvalidOperationException where the rule's step fails there.
    let predict (rule: Rule) (rates: Rate list) (game: Game) (x: float[]) : PredictedContraction =
        let map = StepMap(rule, rates, game)
        let derivative = map.Jacobian(map.At x)
        let all = Dense.eigenvalues derivative

        let moving =
            all |> Array.filter (fun λ -> not ((λ - Complex.One).Magnitude < unitWithin))

        let moduli = moving |> Array.map _.Magnitude |> Array.sortDescending

        if moduli.Length = 0 || not (Finite.all moduli) || moduli[0] = 0.0 then
            {
                Radius =
                    if moduli.Length = 0 then 0.0
                    elif Finite.all moduli then moduli[0]
                    else nan
                Free = all.Length - moving.Length
                IsDefective = false
                Moduli = moduli
            }
        else
            let greatest =
                moving |> Array.filter (fun λ -> λ.Magnitude >= moduli[0] * (1.0 - outside))

            {
                Radius = moduli[0]
                Free = all.Length - moving.Length
                IsDefective = greatest |> Array.exists (fun λ -> kreiss derivative λ > largestConstant)
                Moduli = moduli
            }

    /// The factor of lengths that fall or grow geometrically, by least squares of their logarithms. The weights sin² fall
    /// to 0 at both ends, so that whole and half turns of a turning run cancel alike.
    let ofLengths (lengths: float[]) =
        let n = float lengths.Length

        let points =
            lengths
            |> Array.mapi (fun k length ->
                struct (sin (Math.PI * (float k + 0.5) / n) ** 2, float k - n / 2.0, log length))

        let total f = points |> Array.sumBy f
        let weight = total (fun struct (w, _, _) -> w)
        let k = total (fun struct (w, k, _) -> w * k) / weight
        let l = total (fun struct (w, _, l) -> w * l) / weight

        exp (
            total (fun struct (w, i, log) -> w * (i - k) * (log - l))
            / total (fun struct (w, i, _) -> w * (i - k) * (i - k))
        )

    /// Moves are on one line if the squared sine of the angle between two that follow each other is below this: rounding
    /// turns moves by 1e-4 at most, and a run that turns so slowly does not fall off while it is measured.
    let private straight = 1e-6

    /// The factor of moves that shrink geometrically: v_{k+2} = a v_{k+1} + b v_k by least squares, every equation relative to
    /// ‖v_k‖², and of the two roots of w² − a w − b the greater modulus. So a run may turn, however slowly, and fall along two
    /// directions at once. Moves on one line have one factor, that of their lengths.
    let ofMoves (moves: float[][]) =
        let dot = Array.fold2 (fun sum a b -> sum + a * b) 0.0

        let total (f: int -> float) =
            Seq.sum (seq { for k in 0 .. moves.Length - 3 -> f k / dot moves[k] moves[k] })

        let product i j =
            total (fun k -> dot moves[k + i] moves[k + j])

        let m00, m01, m11, m02, m12 =
            product 0 0, product 0 1, product 1 1, product 0 2, product 1 2

        let determinant = m00 * m11 - m01 * m01

        if not (determinant > straight * m00 * m11) then
            ofLengths (moves |> Array.map (fun move -> sqrt (dot move move)))
        else
            let a = (m12 * m00 - m02 * m01) / determinant
            let b = (m02 * m11 - m12 * m01) / determinant
            let root = Complex.Sqrt(Complex(a * a + 4.0 * b, 0.0))
            0.5 * max (a + root).Magnitude (a - root).Magnitude
