namespace Stackelberg

open Stackelberg.Kernels

/// <summary>Whether Stackelberg play follows the gradient of one function: J_S symmetric everywhere.</summary>
/// <remarks>Fiez, Chasnov and Ratliff (arXiv 1906.01217), Remark 3, with a second half that is not as printed, see
/// StackelbergPotential.around.</remarks>
[<RequireQualifiedAccess; StructuredFormatDisplay("{Shown}")>]
type StackelbergPotentialReport = {
    /// The greatest ‖D₂(Df₁) − (D₁(D₂f₂))ᵀ‖ / ‖J_S‖ at the point and the samples: the printed condition.
    Mixed: float
    /// The greatest ‖J_S − J_Sᵀ‖ / ‖J_S‖, of all blocks.
    Whole: float
    /// How many points around it were looked at.
    Samples: int
    /// Each sample's entries lie within this distance of the point's.
    Radius: float
    /// Yes if J_S is symmetric, to 1e-8, at all of them, which proves no more than that; no if it is not at one of them,
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
                $"J_S is symmetric at the point and at {report.Samples} others within {report.Radius:G4}: Stackelberg play follows a gradient")
        | Verdict.No ->
            (invariant
                $"no potential of Stackelberg play: J_S differs from its transpose by up to {report.Whole:G4} of its size")
        | _ -> "a cost or J_S is not finite at one of the points looked at"

/// <summary>Potentials of Stackelberg play.</summary>
[<RequireQualifiedAccess>]
module StackelbergPotential =

    /// Enough for a difference that vanishes at the point, and few enough for a quick answer.
    let private samples = 16

    /// What rounding leaves of the asymmetry of a symmetric J_S.
    let private symmetricUpTo = 1e-8

    /// <summary>Whether ω_S is a gradient near a point: D₂(Df₁) ≡ D₁₂f₂, and with it J_S symmetric, there and at 16 random
    /// points around it.</summary>
    /// <param name="radius">How far the other points' entries may be from the point's; at least 0.</param>
    /// <param name="game">A game of one leader and one follower.</param>
    /// <param name="x">The joint strategy, shape [d].</param>
    /// <exception cref="T:System.ArgumentException">radius is negative or not finite; the game has other players; x has another
    /// shape or is not finite.</exception>
    /// <remarks>
    /// Remark 3 of Fiez, Chasnov and Ratliff (arXiv 1906.01217): the flow (10) is a gradient flow if and only if D₂(Df₁) ≡ D₁₂f₂. That
    /// is enough though it names one block only: along the leaves D₂f₂ = const, which Df₁ and D₁f₂ are derivatives along, the
    /// rest Df₁ − D₁f₂ depends on x₁ alone and is a gradient too, so that D₁(Df₁) is symmetric. It is to hold everywhere: at a single
    /// point both blocks have to be looked at. Not so the remark's last sentence, that with a potential there are attractors
    /// besides Stackelberg points: J_S is symmetric then, and where it is positive definite, so are D₂²f₂ and the Schur
    /// complement, which is D²f₁: every attractor with J_S regular is a differential Stackelberg point.
    /// </remarks>
    /// <example><code lang="fsharp">
    /// // D2f2 = y − x, and Df1 = 2 x − y: the gradient of x² − x y + y²/2.
    /// let game = Game.twoPlayer "g" (fun x y -> x * x - 0.5 * y * y) (fun x y -> 0.5 * y * y - x * y)
    /// (StackelbergPotential.around 1.0 game (Tensor.zeros [ 2 ])).IsPotential // Yes
    /// </code></example>
    let around (radius: float) (game: Game) (x: Tensor) : StackelbergPotentialReport =
        let func = "StackelbergPotential.around"
        Require.notNegative func (nameof radius) radius
        LevelCheck.leaderAndFollower func game
        let at = PointCheck.entries func (nameof x) game x
        let first, d = game.Offsets[1], game.Dimension
        let field = FieldRun(Linearisation.field game Concept.Stackelberg)

        let asymmetries (x: float[]) =
            field.Evaluate(x, Array.zeroCreate d)
            let jacobian = field.Jacobian x
            let size = Dense.norm jacobian

            let mixed =
                Array2D.init first (d - first) (fun i j -> jacobian[i, first + j] - jacobian[first + j, i])

            (if size = 0.0 then 0.0 else Dense.norm mixed / size), Dense.asymmetry jacobian

        let sample index =
            let numbers = Array.zeroCreate<float> d
            Philox(0UL, uint64 index).FillUniform(numbers, 0, d)
            let x = Array.map2 (fun value u -> value + radius * (2.0 * u - 1.0)) at numbers
            game.Settle x
            x

        let points = Array.append [| at |] (Array.init samples sample)
        let found = points |> Array.map asymmetries

        // Not finite where one is not.
        let greatest values =
            values
            |> Array.fold (fun most (value: float) -> if most >= value then most else value) 0.0

        let isDefined = points |> Array.forall (fun x -> (UndefinedCost.at game x).IsNone)

        {
            Mixed = greatest (Array.map fst found)
            Whole = greatest (Array.map snd found)
            Samples = samples
            Radius = radius
            IsPotential =
                if not isDefined then
                    Verdict.Undecided
                elif found |> Array.exists (fun (_, whole) -> whole > symmetricUpTo) then
                    Verdict.No
                elif
                    found
                    |> Array.forall (fun (mixed, whole) -> System.Double.IsFinite(mixed + whole))
                then
                    Verdict.Yes
                else
                    Verdict.Undecided
        }
