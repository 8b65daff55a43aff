namespace Stackelberg

open System
open System.Numerics

/// <summary>What kind of point a joint strategy is. In a box, all matrices are restricted to the free entries: those
/// that no bound holds fast.</summary>
[<RequireQualifiedAccess; StructuredFormatDisplay("{Shown}")>]
type Report = {
    /// The game's name.
    Game: string
    /// The joint strategy, shape [d].
    Point: Tensor
    /// The players' costs there.
    Costs: float[]
    /// ‖ω‖₂; in a box ‖x − Π(x − ω)‖₂.
    ResidualOmega: float
    /// ‖ω_S‖₂; in a box ‖x − Π(x − ω_S)‖₂.
    ResidualOmegaS: float
    /// Newton's next step for ω: how far the point is from a critical one.
    StepOmega: NewtonStep
    /// Newton's next step for ω_S.
    StepOmegaS: NewtonStep
    /// Whether the point is critical for simultaneous play: ω = 0. No for a point that is not there yet, however near;
    /// StepOmega tells.
    IsCriticalOmega: Verdict
    /// Whether the point is critical for Stackelberg play: ω_S = 0. No for a point that is not there yet; StepOmegaS tells.
    IsCriticalOmegaS: Verdict
    /// Critical for ω, and every D²_ii f_i positive definite.
    IsDifferentialNash: Verdict
    /// Critical for ω_S, the lower levels at a differential Nash point of their own game, and the symmetric part of
    /// the Schur complement of J_S positive definite at every level that has players below it.
    IsDifferentialStackelberg: Verdict
    /// Critical for ω, and every eigenvalue of J in the open right half-plane: simultaneous play ends here.
    IsStableSimgrad: Verdict
    /// Critical for ω_S, and every eigenvalue of J_S in the open right half-plane: Stackelberg play ends here.
    IsStableStackelberg: Verdict
    /// Stable for simultaneous play and certainly no differential Nash point: some player gains by moving alone.
    IsSpuriousSimgrad: Verdict
    /// Stable for Stackelberg play and certainly no differential Stackelberg point.
    IsSpuriousStackelberg: Verdict
    /// By real, then imaginary part.
    EigenvaluesJ: Complex[]
    /// By real, then imaginary part.
    EigenvaluesJS: Complex[]
    /// Each eigenvalue's condition, 1 / |wᴴ v| for its unit left and right eigenvectors, in the order of EigenvaluesJ: how many
    /// times a change of J moves it at most, to first order; infinite for a defective one. Where it is large, a verdict on
    /// the eigenvalue's sign may be undecided.
    ConditionsJ: float[]
    /// In the order of EigenvaluesJS.
    ConditionsJS: float[]
    /// Of the Schur complement of J; by real, then imaginary part.
    EigenvaluesSchurJ: Complex[]
    /// Of the leaders' second derivative along the reaction curve; by real, then imaginary part.
    EigenvaluesTotalHessian: Complex[]
    /// The Schur complement of J over the players below the top level: what the published code looks at.
    SchurJ: float[,]
    /// The Schur complement of J_S over the players below the top level: what decides.
    TotalHessian: float[,]
    /// D²_ii f_i of every player.
    PlayerHessians: float[,][]
    /// The eigenvalues of every player's D²_ii f_i, ascending.
    EigenvaluesPlayers: float[][]
    /// The players, by their place in the game, whose own second derivative vanishes altogether: for them the point is
    /// marginal as a Nash point, like a generator in the realisable GANs of Fiez, Chasnov and Ratliff, while it may
    /// be a differential Stackelberg point.
    MarginalPlayers: int[]
    /// ‖J − Jᵀ‖ / ‖J‖ on the free entries: 0 everywhere in potential games; 0 where J = 0.
    Asymmetry: float
    /// How many eigenvalues of J count as zero.
    ZeroModesJ: int
    /// How many eigenvalues of J_S count as zero.
    ZeroModesJS: int
    /// The entries of the joint strategy that a bound holds fast.
    HeldEntries: int[]
    /// Whether every held entry's gradient presses against its bound. If not, second-order verdicts are at most undecided.
    IsStrictlyComplementary: bool
    /// What players heed beside bounds and angles, with values and multipliers, in a game with constraints or convex sets;
    /// then bounds are among them, and second derivatives are those of the Lagrangians along the directions that press on
    /// no constraint. Empty for other games.
    Constraints: ConstraintState[]
    /// The constraint that the point violates most, in words; null where it is feasible.
    Violated: string
    /// Why verdicts are undecided, each verdict's reasons in the order of the report card.
    Doubts: Doubt[]
    /// The players' names, in the order of Costs.
    Players: string[]
} with

    /// What F# Interactive prints.
    member internal this.Shown = this.ToString()

    /// <summary>A report card: costs, residuals, verdicts and spectra, one a line.</summary>
    override report.ToString() =
        /// What rounding leaves of the asymmetry of a symmetric J.
        let symmetricUpTo = 1e-8

        let list (show: 'a -> string) (values: 'a[]) =
            String.Join(", ", Array.map show values)

        /// Long lists show their ends.
        let ends (show: 'a -> string) (values: 'a[]) =
            if values.Length <= 12 then
                list show values
            else
                (invariant
                    $"{list show values[..5]}, … , {list show values[values.Length - 6 ..]} ({values.Length} in all)")

        /// Long spectra show their ends.
        let spectrum (values: Complex[]) =
            let one (value: Complex) =
                if value.Imaginary = 0.0 then
                    digits 7 value.Real
                else
                    let sign = if value.Imaginary < 0.0 then "-" else "+"
                    (invariant $"{value.Real:G7}{sign}{abs value.Imaginary:G7}i")

            if values.Length <= 12 then
                list one values
            else
                (invariant
                    $"{list one values[..5]}, … , {list one values[values.Length - 6 ..]} ({values.Length} in all)")

        let verdict (value: Verdict) =
            match value with
            | Verdict.Yes -> "yes"
            | Verdict.No -> "no"
            | _ -> "undecided"

        let critical (value: Verdict) (step: NewtonStep) =
            match step.Approach with
            | Approach.Arrived -> (invariant $"critical: {verdict value}")
            | _ -> (invariant $"critical: {verdict value}; {step}")

        let entries = report.Point.ToArray()

        let point =
            if entries.Length <= 12 then
                (invariant $"({list (digits 7) entries})")
            else
                (invariant $"({list (digits 7) entries[..5]}, … ) of dimension {entries.Length}")

        String.Join(
            "\n",
            [
                (invariant $"{report.Game} at {point}")
                (invariant $"  costs                        {list (digits 7) report.Costs}")
                (invariant
                    $"  residual of omega            {report.ResidualOmega:G7} ({critical report.IsCriticalOmega report.StepOmega})")
                (invariant
                    $"  residual of omega_S          {report.ResidualOmegaS:G7} ({critical report.IsCriticalOmegaS report.StepOmegaS})")
                (invariant $"  differential Nash            {verdict report.IsDifferentialNash}")
                (invariant $"  differential Stackelberg     {verdict report.IsDifferentialStackelberg}")
                (invariant $"  stable, simultaneous play    {verdict report.IsStableSimgrad}")
                (invariant $"  stable, Stackelberg play     {verdict report.IsStableStackelberg}")
                let spurious play =
                    (invariant $"  spurious attractor           of {play}: stable, but no such equilibrium")

                if report.IsSpuriousSimgrad = Verdict.Yes then
                    spurious "simultaneous play"

                if report.IsSpuriousStackelberg = Verdict.Yes then
                    spurious "Stackelberg play"

                if report.EigenvaluesJ.Length > 0 then
                    (invariant $"  eigenvalues of J             {spectrum report.EigenvaluesJ}")

                if report.EigenvaluesJS.Length > 0 then
                    (invariant $"  eigenvalues of J_S           {spectrum report.EigenvaluesJS}")


                let own =
                    Array.map2
                        (fun name values ->
                            let shown =
                                match values with
                                | [||] -> "no free entry"
                                | values -> spectrum (values |> Array.map (fun value -> Complex(value, 0.0)))

                            (invariant $"{name}: {shown}"))
                        report.Players
                        report.EigenvaluesPlayers

                let shownOwn = String.Join("; ", Array.truncate 6 own)
                let restOwn = if own.Length > 6 then "; …" else ""
                (invariant $"  own second derivatives       {shownOwn}{restOwn}")

                if report.Constraints.Length = 0 || report.EigenvaluesSchurJ.Length > 0 then
                    (invariant $"  Schur complement of J        {spectrum report.EigenvaluesSchurJ}")

                if report.Constraints.Length = 0 || report.EigenvaluesTotalHessian.Length > 0 then
                    (invariant $"  total second derivative      {spectrum report.EigenvaluesTotalHessian}")


                let worst =
                    Array.append report.ConditionsJ report.ConditionsJS |> Array.fold max 1.0

                if worst >= 1e4 then
                    (invariant
                        $"  condition of eigenvalues     up to {worst:G3}: small changes of J move them far")

                if report.ZeroModesJ + report.ZeroModesJS > 0 then
                    (invariant
                        $"  zero modes                   {report.ZeroModesJ} of J, {report.ZeroModesJS} of J_S")

                if report.HeldEntries.Length > 0 then
                    let pressed =
                        if report.IsStrictlyComplementary then
                            ""
                        else
                            ", not all pressed against it"

                    (invariant
                        $"  held by a bound              entries {ends string report.HeldEntries}{pressed}")

                if not (isNull report.Violated) then
                    (invariant $"  not feasible                 {report.Violated}")

                for found in report.Constraints do
                    if found.Active.Length > 0 then
                        let pressures =
                            found.Active |> ends (fun k -> (invariant $"{found.Multipliers[k]:G6}"))

                        let entries =
                            if found.Values.Length = 1 then
                                ""
                            else
                                (invariant $", entries {ends string found.Active}")

                        let total =
                            if found.TotalMultipliers.Length = 0 then
                                ""
                            else
                                let shown =
                                    found.Active
                                    |> ends (fun k -> (invariant $"{found.TotalMultipliers[k]:G6}"))

                                (invariant $"; through the followers' answer {shown}")

                        let kink =
                            if found.Weak.Length = 0 then
                                ""
                            else
                                (invariant $"; a kink, entries {ends string found.Weak} without pressure")

                        let kind = if found.IsEquality then "equality" else "active  "

                        (invariant
                            $"  {kind}                     {found.Name} of {found.Player}{entries}: multiplier {pressures}{total}{kink}")

                if report.MarginalPlayers.Length > 0 then
                    let names = report.MarginalPlayers |> list (fun index -> report.Players[index])
                    (invariant $"  marginal                     the own second derivative of {names} is zero")

                if report.Asymmetry <= symmetricUpTo && report.EigenvaluesJ.Length > 1 then
                    "  potential                    J is symmetric here, as in a potential game"

                for doubt in report.Doubts do
                    (invariant $"  undecided                    {doubt}")
            ]
        )
