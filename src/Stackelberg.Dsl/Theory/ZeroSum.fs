namespace Stackelberg

open System.Numerics
open MathNet.Numerics.LinearAlgebra

[<RequireQualifiedAccess>]
module ZeroSum =

    /// A relative commutator below this is rounding.
    let private alignedUpTo = 1e-8

    /// A point with all that the statements read.
    type private Saddle = {
        Report: Report
        Condition: ZeroSumCondition
        A: float[,]
        B: float[,]
        C: float[,]
        Band: float
    }

    let private saddle func (game: Game) (x: Tensor) =
        LevelCheck.noBounds func game
        let condition = Equilibrium.zeroSumCondition game x
        let report = Equilibrium.classify game x
        let jacobian = Game.J game x
        let first = game.Offsets[1]
        let d = game.Dimension

        let block rows columns =
            Array2D.init (Array.length rows) (Array.length columns) (fun i j ->
                float jacobian[rows[i], columns[j]])

        let leader, follower = [| 0 .. first - 1 |], [| first .. d - 1 |]
        let everything = [| 0 .. d - 1 |]

        {
            Report = report
            Condition = condition
            A = block leader leader
            B = block leader follower
            C = block follower follower
            Band = Equilibrium.tolerances.Axis * Dense.norm (block everything everything)
        }

    let private printedIn statement =
        (invariant $"Fiez, Chasnov and Ratliff (arXiv 1906.01217), {statement}")

    let private attractor (point: Saddle) =
        Statement.needed
            "x is a stable critical point of simultaneous play"
            point.Report.EigenvaluesJ[0].Real
            point.Report.IsStableSimgrad

    let private noNash (point: Saddle) =
        Statement.excess
            "x is no differential Nash point"
            nan
            (Verdict.opposite point.Report.IsDifferentialNash)

    let private leastOfFollower (point: Saddle) = Array.last point.Condition.Follower

    let private concave (point: Saddle) =
        let least = leastOfFollower point
        Statement.needed "C = −D₂²f > 0" least (Statement.isPositive point.Band least)

    let private vanishing (point: Saddle) =
        let size = Dense.norm point.A

        Statement.needed "A = D₁²f = 0, as in a realisable GAN" size (Verdict.ofBool (size <= point.Band))

    let private conclusions (point: Saddle) = [|
        Statement.needed
            "x is a differential Stackelberg point"
            point.Report.EigenvaluesSchurJ[0].Real
            point.Report.IsDifferentialStackelberg
        Statement.needed
            "x is a stable critical point of Stackelberg play"
            (point.Report.EigenvaluesJS |> Array.map _.Real |> Array.min)
            point.Report.IsStableStackelberg
    |]

    let private aligned needed words misalignment =
        let condition = if needed then Statement.needed else Statement.excess

        condition words misalignment (Verdict.ofBool (misalignment <= alignedUpTo))

    let private withoutZeros (point: Saddle) =
        let least = (AlignedCoupling.couplings point.B)[0]
        Statement.excess "Σ has no zero entry" least (Statement.isPositive point.Band least)

    let alignedCoupling (game: Game) (x: Tensor) : Statement =
        let point = saddle "ZeroSum.alignedCoupling" game x
        let condition = point.Condition

        let zeros =
            condition.Leader
            |> Array.filter (fun value -> abs value <= point.Band)
            |> Array.length

        let negative =
            condition.Leader
            |> Array.filter (fun value -> value < -point.Band)
            |> Array.length

        let n = condition.Follower.Length
        let printed = Array.truncate (max 0 (negative - zeros)) condition.Printed
        let least = Array.fold min infinity printed
        let misalignment = AlignedCoupling.misalignment point.A point.B point.C

        {
            Source = printedIn "Proposition 4"
            Conditions = [|
                attractor point
                noNash point
                concave point
                aligned true "D₁₂f = W₁ Σ W₂ᵀ in eigenvectors of D₁²f and D₂²f" misalignment
                withoutZeros point
                Statement.excess "r ≤ n" (float (n - negative)) (Verdict.ofBool (negative <= n))
                Statement.excess
                    "κ²λᵢ + μᵢ > 0 for i ≤ r − p"
                    least
                    (Statement.isPositive (point.Band * max 1.0 condition.Coupling) least)
            |]
            Conclusions = conclusions point
            Note =
                "the κ-condition, Σ without zeros and that x is no Nash point are not needed: J is a direct sum of blocks [[μ, σ], [−σ, λ]], and where they are stable, μ + σ²/λ > 0"
        }

    /// The least eigenvalue of B C⁺ Bᵀ, C⁺ the inverse on the eigenvectors whose eigenvalues exceed the band.
    let private leastAnswered (point: Saddle) =
        let c = CreateMatrix.DenseOfArray(Dense.symmetricPart point.C)
        let found = c.Evd Symmetricity.Symmetric

        let inverse =
            found.EigenValues.Map(fun (value: Complex) ->
                if value.Real > point.Band then 1.0 / value.Real else 0.0)

        let turned = CreateMatrix.DenseOfArray point.B * found.EigenVectors

        (turned * CreateMatrix.DenseOfDiagonalVector inverse * turned.Transpose()).ToArray()
        |> Dense.symmetricPart
        |> Dense.eigenvalues
        |> Array.map _.Real
        |> Array.min

    let realizable (game: Game) (x: Tensor) : Statement =
        let point = saddle "ZeroSum.realizable" game x
        let least = leastOfFollower point
        let answered = leastAnswered point
        let leastOfJS = point.Report.EigenvaluesJS |> Array.map _.Real |> Array.min

        {
            Source = printedIn "Proposition 5"
            Conditions = [|
                vanishing point
                attractor point
                Statement.needed "C = −D₂²f ≥ 0" least (Statement.isNotNegative point.Band least)
            |]
            Conclusions = [|
                Statement.needed
                    "B C⁺ Bᵀ ≥ 0, necessary for a Stackelberg point"
                    answered
                    (Statement.isNotNegative point.Band answered)
                // Where C is singular J_S is undefined.
                Statement.needed
                    "no eigenvalue of J_S lies left of the axis"
                    leastOfJS
                    (if least > point.Band then
                         Statement.isNotNegative point.Band leastOfJS
                     else
                         Verdict.Undecided)
            |]
            Note =
                "printed is marginally stable; a point where J's spectrum is right of the axis and C > 0 is a differential Stackelberg point and stable, for D₁₂f then has full row rank"
        }

    let realizableAligned (game: Game) (x: Tensor) : Statement =
        let point = saddle "ZeroSum.realizableAligned" game x

        // B = Σ Wᵀ: the leader's eigenvectors are the axes, so that B Bᵀ is diagonal.
        let b = CreateMatrix.DenseOfArray point.B
        let square = b * b.Transpose()
        let size = square.FrobeniusNorm()

        let offDiagonal =
            if size = 0.0 then
                0.0
            else
                (square - CreateMatrix.DenseOfDiagonalVector(square.Diagonal())).FrobeniusNorm()
                / size

        let misalignment =
            max offDiagonal (AlignedCoupling.misalignment point.A point.B point.C)

        {
            Source = printedIn "Proposition 6"
            Conditions = [|
                vanishing point
                attractor point
                concave point
                aligned false "D₁₂f = Σ Wᵀ in eigenvectors W of D₂²f" misalignment
                withoutZeros point
            |]
            Conclusions = conclusions point
            Note =
                "the structure of D₁₂f and of Σ is not needed: D₁₂f has full row rank where J's spectrum is right of the axis, so that D₁₂f C⁻¹ D₂₁f > 0"
        }

    let scalarAttractor (game: Game) (x: Tensor) : Statement =
        let point = saddle "ZeroSum.scalarAttractor" game x

        {
            Source = printedIn "Corollary 1"
            Conditions = [|
                Statement.needed
                    "both players choose one number"
                    (float game.Dimension)
                    (Verdict.ofBool (game.Dimension = 2))
                attractor point
                noNash point
                concave point
            |]
            Conclusions = conclusions point
            Note = "Nash points need not be excluded: J's determinant is C times the Schur complement"
        }

    let convexConcave (game: Game) (x: Tensor) : Statement =
        let point = saddle "ZeroSum.convexConcave" game x
        let report = point.Report
        let least = point.Condition.Leader[0]

        let same =
            match report.IsDifferentialNash, report.IsDifferentialStackelberg with
            | Verdict.Undecided, _
            | _, Verdict.Undecided -> Verdict.Undecided
            | nash, stackelberg -> Verdict.ofBool (nash = stackelberg)

        {
            Source = printedIn "Remark 2"
            Conditions = [|
                Statement.needed "ω = 0" report.ResidualOmega report.IsCriticalOmega
                Statement.needed "A = D₁²f > 0" least (Statement.isPositive point.Band least)
            |]
            Conclusions = [|
                Statement.needed
                    "x is a differential Nash point exactly if it is a differential Stackelberg point"
                    nan
                    same
            |]
            Note = ""
        }
