namespace Stackelberg

open System
open MathNet.Numerics.LinearAlgebra

/// Both sides of Lemmas 1 and 2 of arXiv 1906.01217 along a run.
module internal LemmaGaps =

    /// e^(−γ H) and ∫₀^γ e^(−u H) du of a symmetric positive definite H.
    let private propagator (h: Matrix<float>) =
        let found = h.Evd Symmetricity.Symmetric

        let vectors, values =
            found.EigenVectors, found.EigenValues.Map(fun value -> value.Real)

        let ofValues (f: float -> float) =
            vectors * CreateMatrix.DenseOfDiagonalVector(values.Map f) * vectors.Transpose()

        let decay (γ: float) = ofValues (fun λ -> exp (-γ * λ))
        // e^x − 1 by the hyperbolic sine, exactly where x is small.
        let rise (γ: float) =
            ofValues (fun λ ->
                let x = 0.5 * γ * λ
                2.0 * exp -x * sinh x / λ)

        values.Minimum(), values.Maximum(), decay, rise

    let alongRun
        func
        (fromStep: int)
        (rates: Rate * Rate)
        (draws: float[][])
        (equilibrium: Tensor)
        (run: Run)
        (game: Game)
        : LemmaRun =
        let leaderRate, followerRate = rates
        LevelCheck.leaderAndFollower func game
        LevelCheck.noBounds func game
        let star = PointCheck.entries func (nameof equilibrium) game equilibrium
        let first, d = game.Offsets[1], game.Dimension

        if run.Game <> game.Name || run.Trajectory[0].Length <> d then
            Require.wrong
                func
                (nameof game)
                (invariant $"is {game.Name}, but the run played {run.Game}; give the game that was played.")

        if run.RecordedSteps.Length <> run.Steps + 1 then
            Require.wrong
                func
                (nameof run)
                (invariant
                    $"has {run.RecordedSteps.Length} points of {run.Steps} steps, but every step is needed; record every step.")

        if fromStep < 0 || fromStep >= run.Steps then
            Require.wrong
                func
                (nameof fromStep)
                (invariant
                    $"is {fromStep}, but a step from 0 to {run.Steps - 1} is needed, before the run's last.")

        if draws.Length < run.Steps || draws |> Array.exists (fun draw -> draw.Length <> d) then
            Require.wrong
                func
                (nameof draws)
                (invariant $"holds {draws.Length} draws, but {run.Steps} of {d} numbers each are needed.")

        let top, below = [| 0 .. first - 1 |], [| first .. d - 1 |]
        let nash = FieldRun(Linearisation.field game Concept.Nash)
        let leading = FieldRun(Linearisation.field game Concept.Stackelberg)
        let value = Array.zeroCreate d

        let jacobian (field: FieldRun) x =
            field.Evaluate(x, value)
            field.Jacobian x

        let matrix (entries: float[,]) =
            CreateMatrix.DenseOfArray(Dense.symmetricPart entries)

        let κ2, L2, decay2, rise2 =
            jacobian nash star |> Dense.select below below |> matrix |> propagator

        let κ1, Λ1, decay1, rise1 =
            jacobian leading star |> Dense.schur top below |> matrix |> propagator

        if not (κ1 > 0.0 && κ2 > 0.0) then
            Require.wrong
                func
                (nameof equilibrium)
                (invariant
                    $"has least curvatures {κ1} of the leader along the answer and {κ2} of the follower, but both must be above 0; give a differential Stackelberg point.")

        let norm (values: float[]) =
            sqrt (Array.sumBy (fun value -> value * value) values)

        let points = run.Trajectory[fromStep..]

        let answers =
            Reaction.Answers(
                game,
                points |> Array.collect (fun x -> Array.append x[.. first - 1] star[first..])
            )
            |> Array.chunkBySize d

        if not (Array.forall (Array.forall Double.IsFinite) answers) then
            Require.wrong func (nameof run) "passes a point where the follower's answer is not found."

        let followerGaps =
            Array.map2
                (fun (x: float[]) (answer: float[]) -> norm (Array.map2 (-) x[first..] answer[first..]))
                points
                answers

        let leaderGaps =
            points
            |> Array.map (fun x -> norm (Array.map2 (-) x[.. first - 1] star[.. first - 1]))

        let mutable M1, L1, Lr = 0.0, 0.0, 0.0

        for x in points do
            let J = jacobian nash x

            let slope =
                (CreateMatrix.DenseOfArray(Dense.select below below J))
                    .LU()
                    .Solve(CreateMatrix.DenseOfArray(Dense.select below top J))

            Lr <- max Lr (Dense.greatestSingularValue (slope.ToArray()))
            L1 <- max L1 (Dense.greatestSingularValue (Dense.select top below (jacobian leading x)))
            M1 <- max M1 (norm value[.. first - 1])

        let rateOf (rate: Rate) k = rate.At(fromStep + k + 1)
        let count = points.Length

        let highest rate =
            Seq.fold (fun most k -> max most (rateOf rate k)) 0.0 (seq { 0 .. count - 2 })

        let lemmas =
            LemmaConstants.ofRegion
                (Array.max followerGaps)
                (Array.max leaderGaps)
                (highest followerRate)
                (highest leaderRate)
                {
                    LeaderDimension = first
                    FollowerDimension = d - first
                    FollowerCurvature = struct (κ2, L2)
                    LeaderCurvature = struct (κ1, Λ1)
                    LipschitzLeaderInFollower = L1
                    BoundOfLeader = M1
                    LipschitzReaction = Lr
                    LeaderDeviation = 0.0
                    FollowerDeviation = 0.0
                }

        let followerBounds, leaderBounds = Array.zeroCreate count, Array.zeroCreate count
        let mutable s1 = CreateVector.Dense<float> first
        let mutable s2 = CreateVector.Dense<float>(d - first)
        let mutable time1, time2 = 0.0, 0.0
        let mutable supS2, supγ, supγw, supτ, supτw = 0.0, 0.0, 0.0, 0.0, 0.0

        for n in 0 .. count - 1 do
            let left2 = exp (-κ2 * time2) * followerGaps[0]
            let left1 = exp (-κ1 * time1) * leaderGaps[0]

            followerBounds[n] <- lemmas.Follower * (s2.L2Norm() + left2 + supγ + supγw + supτ + supτw)

            leaderBounds[n] <-
                lemmas.Leader
                * (s1.L2Norm()
                   + supS2
                   + supγ
                   + supτ
                   + supγw
                   + supτw
                   + supτ * followerGaps[0]
                   + left1)

            if n < count - 1 then
                let γ1, γ2 = rateOf leaderRate n, rateOf followerRate n
                let w = draws[fromStep + n]
                let w1, w2 = w[.. first - 1], w[first..]
                s1 <- decay1 γ1 * s1 + rise1 γ1 * CreateVector.DenseOfArray w1
                // The leader's lemma has S₂ up to the step before.
                supS2 <- max supS2 (s2.L2Norm())
                s2 <- decay2 γ2 * s2 + rise2 γ2 * CreateVector.DenseOfArray w2
                time1 <- time1 + γ1
                time2 <- time2 + γ2
                supγ <- max supγ γ2
                supγw <- max supγw (γ2 * Array.sumBy (fun w -> w * w) w2)
                supτ <- max supτ (γ1 / γ2)
                supτw <- max supτw (γ1 / γ2 * Array.sumBy (fun w -> w * w) w1)

        {
            Lemmas = lemmas
            FollowerGaps = followerGaps
            FollowerBounds = followerBounds
            LeaderGaps = leaderGaps
            LeaderBounds = leaderBounds
        }
