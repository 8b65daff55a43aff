namespace Stackelberg

open Stackelberg.Kernels

/// <summary>Whether simultaneous play follows the gradient of one function, a potential: J symmetric everywhere.</summary>
[<RequireQualifiedAccess; StructuredFormatDisplay("{Shown}")>]
type PotentialReport = {
    /// ‖J − Jᵀ‖ / ‖J‖ at the point; 0 where J = 0.
    AtPoint: float
    /// The greatest of these at the point and at the samples around it.
    Greatest: float
    /// How many points around it were looked at.
    Samples: int
    /// Each sample's entries lie within this distance of the point's.
    Radius: float
    /// Yes if J is symmetric, to 1e-8, at all of them, which proves no more than that; no if it is not at one of them,
    /// which proves that there is no potential; undecided if it or a cost is not finite at one of them.
    IsPotential: Verdict
} with

    /// What F# Interactive prints.
    member internal this.Shown = this.ToString()

    /// <summary>The finding in a sentence.</summary>
    override report.ToString() =
        match report.IsPotential with
        | Verdict.Yes ->
            (invariant
                $"J is symmetric at the point and at {report.Samples} others within {report.Radius:G4}: as in a potential game")
        | Verdict.No ->
            (invariant
                $"no potential game: J differs from its transpose by up to {report.Greatest:G4} of its size")
        | _ -> "a cost or J is not finite at one of the points looked at"

module internal PotentialReport =

    /// Enough for a difference that vanishes at the point, and few enough for a quick answer.
    let private samples = 16

    /// What rounding leaves of the asymmetry of a symmetric J.
    let private symmetricUpTo = 1e-8

    let around (radius: float) (game: Game) (at: float[]) : PotentialReport =
        let field = FieldRun(Linearisation.field game Concept.Nash)

        let asymmetry (x: float[]) =
            field.Evaluate(x, Array.zeroCreate game.Dimension)
            Dense.asymmetry (field.Jacobian x)

        let sample index =
            let numbers = Array.zeroCreate<float> game.Dimension
            Philox(0UL, uint64 index).FillUniform(numbers, 0, numbers.Length)
            let x = Array.map2 (fun value u -> value + radius * (2.0 * u - 1.0)) at numbers
            game.Settle x
            x

        let atPoint = asymmetry at
        let points = Array.init samples sample
        let all = Array.append [| atPoint |] (Array.map asymmetry points)

        let isDefined =
            Array.append [| at |] points
            |> Array.forall (fun x -> (UndefinedCost.at game x).IsNone)

        {
            AtPoint = atPoint
            Greatest = Array.max all
            Samples = samples
            Radius = radius
            IsPotential =
                if not isDefined then
                    Verdict.Undecided
                elif all |> Array.exists (fun value -> value > symmetricUpTo) then
                    Verdict.No
                elif all |> Finite.all then
                    Verdict.Yes
                else
                    Verdict.Undecided
        }
