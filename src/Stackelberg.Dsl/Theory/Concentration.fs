namespace Stackelberg

open System
open MathNet.Numerics.LinearAlgebra

[<RequireQualifiedAccess>]
type ConcentrationProblem = {
    Constants: ConcentrationConstants
    LeaderRate: Rate
    FollowerRate: Rate
    Radius: float
    FromStep: int
    FollowerGap: float
    LeaderGap: float
    Horizon: int
}

[<RequireQualifiedAccess; StructuredFormatDisplay("{Shown}")>]
type LockedIn = {
    Constant: float
    FirstStep: int
    Time: int
    LockedFrom: int
    Constants: float[]
    Sums: float[]
    Rests: float[]
    Probability: float
    ProbabilityForEver: float
    SharpProbability: float
    IsApplicable: bool
} with

    member internal this.Shown = this.ToString()

    override this.ToString() =
        if this.IsApplicable then
            (invariant
                $"within the radius from step {this.LockedFrom} to the horizon with probability at least {this.Probability:G6} ({this.SharpProbability:G6} by exact tails), for ever at least {this.ProbabilityForEver:G6}; K = {this.Constant:G5}")
        else
            (invariant
                $"the bound does not apply: K = {this.Constant:G5}, rates small enough from step {this.FirstStep}, the start forgotten after {this.Time} (−1 for never up to the horizon); begin later or take smaller rates")

[<RequireQualifiedAccess; StructuredFormatDisplay("{Shown}")>]
type ConcentrationBound = {
    Lemmas: LemmaConstants
    Follower: LockedIn
    Leader: LockedIn
    Beta: float[]
    Eta: float[]
} with

    member internal this.Shown = this.ToString()

    override this.ToString() =
        (invariant $"follower: {this.Follower}\nleader: {this.Leader}")

[<RequireQualifiedAccess>]
type LemmaRun = {
    Lemmas: LemmaConstants
    FollowerGaps: float[]
    FollowerBounds: float[]
    LeaderGaps: float[]
    LeaderBounds: float[]
}

[<RequireQualifiedAccess>]
module Concentration =

    let constants (noise: Noise) (assumptions: AssumptionReport) (game: Game) : ConcentrationConstants =
        let func = "Concentration.constants"
        TheoryCheck.leaderAndFollower func game

        let leader, follower =
            match noise with
            | Noise.Silent -> 0.0, 0.0
            | Noise.Gaussian [| one |] -> one, one
            | Noise.Gaussian [| leader; follower |] -> leader, follower
            | Noise.Gaussian deviations ->
                Require.wrong
                    func
                    (nameof noise)
                    (invariant
                        $"holds {deviations.Length} standard deviations, but 1 or 2 are needed (for all players or for each).")
            | Noise.Growing _ ->
                Require.wrong
                    func
                    (nameof noise)
                    "grows with the joint strategy; give the greatest deviations in the region, Noise.gaussian."
            | Noise.Given _ ->
                Require.wrong
                    func
                    (nameof noise)
                    "is given numbers, whose tails nobody knows; give the deviations of normal noise."

        let positive name (struct (least: float, greatest: float)) =
            if not (least > 0.0 && Double.IsFinite greatest) then
                Require.wrong
                    func
                    (nameof assumptions)
                    (invariant
                        $"has {name} between {least} and {greatest}, but eigenvalues above 0 are needed; take a smaller box around a stable equilibrium.")

        positive "D22 f2" assumptions.FollowerCurvature
        positive "D²f1 along the answer" assumptions.LeaderCurvature

        {
            LeaderDimension = game.Players[0].Dimension
            FollowerDimension = game.Players[1].Dimension
            FollowerCurvature = assumptions.FollowerCurvature
            LeaderCurvature = assumptions.LeaderCurvature
            LipschitzLeaderInFollower = assumptions.LipschitzLeaderInFollower
            BoundOfLeader = assumptions.BoundOfLeader
            LipschitzReaction = assumptions.LipschitzReaction
            LeaderDeviation = leader
            FollowerDeviation = follower
        }

    let private check (problem: ConcentrationProblem) =
        let func = "Concentration.bound"

        if not (problem.Radius > 0.0 && problem.Radius < 1.0) then
            Require.wrong
                func
                (nameof problem.Radius)
                (invariant $"is {problem.Radius}, but a number in (0, 1) is needed.")

        if problem.FromStep < 0 || problem.Horizon <= problem.FromStep then
            Require.wrong
                func
                (nameof problem.Horizon)
                (invariant
                    $"is {problem.Horizon} and FromStep is {problem.FromStep}, but 0 ≤ FromStep < Horizon is needed.")

        Require.notNegative func (nameof problem.FollowerGap) problem.FollowerGap
        Require.notNegative func (nameof problem.LeaderGap) problem.LeaderGap
        let c = problem.Constants
        let struct (κ1, Λ1), struct (κ2, L2) = c.LeaderCurvature, c.FollowerCurvature

        for name, value in [ "κ₁", κ1; "Λ₁", Λ1; "κ₂", κ2; "L₂", L2 ] do
            Require.positive func name value

        for name, value in
            [
                nameof c.LipschitzLeaderInFollower, c.LipschitzLeaderInFollower
                nameof c.BoundOfLeader, c.BoundOfLeader
                nameof c.LipschitzReaction, c.LipschitzReaction
                nameof c.LeaderDeviation, c.LeaderDeviation
                nameof c.FollowerDeviation, c.FollowerDeviation
            ] do
            Require.notNegative func name value

        for step in problem.FromStep .. problem.Horizon do
            for name, rate in
                [
                    nameof problem.LeaderRate, problem.LeaderRate
                    nameof problem.FollowerRate, problem.FollowerRate
                ] do
                let value = rate.At(step + 1)

                if not (Double.IsFinite value && value > 0.0) then
                    Require.wrong
                        func
                        name
                        (invariant $"is {value} in step {step + 1}, but a finite rate above 0 is needed.")

    /// β or η: of a player's rates from n₀ to the horizon, and κ.
    let private envelope κ (rates: float[]) =
        let found = Array.zeroCreate (rates.Length - 1)
        let mutable value = 0.0

        for n in 0 .. found.Length - 1 do
            // One step more: what was there decays by the step that is added to the sum, which the newest does not have.
            value <- max (exp (-κ * rates[n]) * value) rates[n]
            found[n] <- value

        found

    /// Upper bounds of the normal sums' variances in every direction, over σ².
    let private variances κ (rates: float[]) =
        let found = Array.zeroCreate (rates.Length - 1)
        let mutable value = 0.0

        for n in 0 .. found.Length - 1 do
            value <- exp (-2.0 * κ * rates[n]) * value + rates[n] * rates[n]
            found[n] <- value

        found

    /// Of a sum over an envelope beyond the horizon N, where it is at most B n^(−q): a step's decay e^(−κγ) is at most
    /// (1 + 1/n)^(−q) from N on if it is at N, for rates c n^(−p) with p ≤ 1, and the newest rate falls as n^(−p), q ≤ p.
    let private restOfEnvelope κ (rate: Rate) horizon (last: float) (factor: float) (exponent: float) =
        match RateTail.power rate horizon with
        | ValueSome(struct (c, p)) when p > 0.0 && p <= 1.0 ->
            let N = float horizon
            let q = min p (κ * rate.At(horizon + 1) / log (1.0 + 1.0 / N))
            let B = max (last * N ** q) (c * (N + 1.0) ** (q - p))
            factor * RateTail.integral (exponent / B) q N
        | _ -> infinity

    /// Of a sum of a e^(−q/√γ) beyond the horizon, γ = c k^(−p).
    let private restOfPower
        (power: struct (float * float) voption)
        horizon
        (factor: float)
        (exponent: float)
        =
        match power with
        | ValueSome(struct (c, p)) when p > 0.0 ->
            factor * RateTail.integral (exponent / sqrt c) (0.5 * p) (float (horizon + 1))
        | _ -> infinity

    /// b is at most so many over σ √d: a stays a number that can be held, and the tail beyond is e^−50 and less.
    let private steepest = 10.0

    /// One a and b of P(‖w‖ > u) ≤ a e^(−b u) for all players, each with its entries, its deviation and the least u that is asked
    /// for: b is the best of the player that has the least. Nothing without noise.
    let private exponential (players: (int * float * float) list) =
        let noisy = players |> List.filter (fun (_, σ, _) -> σ > 0.0)

        if noisy.IsEmpty then
            0.0, infinity
        else
            let b =
                noisy
                |> List.map (fun (n, σ, u) -> min (u / (float n * σ * σ)) (steepest / (σ * sqrt (float n))))
                |> List.min

            let a =
                noisy
                |> List.map (fun (n, σ, _) -> 2.0 * float n * exp (0.5 * b * b * float n * σ * σ))
                |> List.max

            a, b

    let bound (problem: ConcentrationProblem) : ConcentrationBound =
        check problem

        let c, ε, n0, horizon =
            problem.Constants, problem.Radius, problem.FromStep, problem.Horizon

        let struct (κ1, _), struct (κ2, _) = c.LeaderCurvature, c.FollowerCurvature

        let ratesOf (rate: Rate) =
            Array.init (horizon - n0 + 1) (fun k -> rate.At(n0 + k + 1))

        let γ1, γ2 = ratesOf problem.LeaderRate, ratesOf problem.FollowerRate
        let τ = Array.map2 (/) γ1 γ2
        let highest1, highest2, highestτ = Array.max γ1, Array.max γ2, Array.max τ

        let lemmas =
            LemmaConstants.ofRegion (problem.FollowerGap + ε) (problem.LeaderGap + ε) highest2 highest1 c

        let β, η = envelope κ2 γ2, envelope κ1 γ1

        /// The first index from which on all are at most a threshold; −1 if the last one is not.
        let settled threshold (values: float[]) =
            match Array.tryFindIndexBack (fun value -> value > threshold) values with
            | Some last when last = values.Length - 1 -> -1
            | Some last -> last + 1
            | None -> 0

        /// Steps until e^(−κ t) gap is at most a threshold.
        let forgotten κ (rates: float[]) gap threshold =
            let mutable time, steps = 0.0, 0

            while steps < rates.Length && exp (-κ * time) * gap > threshold do
                time <- time + rates[steps]
                steps <- steps + 1

            if exp (-κ * time) * gap <= threshold && steps < rates.Length then
                steps
            else
                -1

        let powerOf rate = RateTail.power rate (horizon + 1)

        let powerOfRatio =
            match powerOf problem.LeaderRate, powerOf problem.FollowerRate with
            | ValueSome(struct (c1, p1)), ValueSome(struct (c2, p2)) -> ValueSome(struct (c1 / c2, p1 - p2))
            | _ -> ValueNone

        /// One player's bound, with a constant K, the sums over β and, of the leader, η.
        let lockedIn constant isLeader : LockedIn =
            let threshold = ε / (8.0 * constant)
            let first = [ settled threshold γ2; settled threshold τ ]

            let time = [
                forgotten κ2 γ2 problem.FollowerGap threshold
                if isLeader then
                    forgotten κ1 γ1 problem.LeaderGap threshold
            ]

            // The printed sums have one pair of constants for both players' noise.
            let a, b =
                exponential [
                    c.FollowerDimension, c.FollowerDeviation, sqrt (threshold / highest2)
                    c.LeaderDimension, c.LeaderDeviation, sqrt (threshold / highestτ)
                ]

            let C1, C2 = a, b / sqrt (8.0 * constant)

            let envelopeConstants n σ κ highest =
                let d = float n
                let decay = LemmaConstants.decay κ highest
                2.0 * d, 1.0 / (128.0 * constant * constant * d * σ * σ * decay)

            let C3, C4 = envelopeConstants c.FollowerDimension c.FollowerDeviation κ2 highest2

            let C5, C6 = envelopeConstants c.LeaderDimension c.LeaderDeviation κ1 highest1

            let sumOver factor exponent values =
                if factor = 0.0 || Double.IsPositiveInfinity exponent then
                    0.0
                else
                    values |> Array.sumBy (fun (value: float) -> factor * exp (-exponent / value))

            let roots = Array.map sqrt

            let rest factor exponent (find: float -> float -> float) =
                if factor = 0.0 || Double.IsPositiveInfinity exponent then
                    0.0
                else
                    find factor exponent

            let sums = [|
                sumOver C1 (C2 * sqrt ε) (roots γ2)
                sumOver C1 (C2 * sqrt ε) (roots τ)
                sumOver C3 (C4 * ε * ε) β
                if isLeader then
                    sumOver C5 (C6 * ε * ε) η
            |]

            let rests = [|
                rest C1 (C2 * sqrt ε) (restOfPower (powerOf problem.FollowerRate) horizon)
                rest C1 (C2 * sqrt ε) (restOfPower powerOfRatio horizon)
                rest C3 (C4 * ε * ε) (restOfEnvelope κ2 problem.FollowerRate horizon (Array.last β))
                if isLeader then
                    rest C5 (C6 * ε * ε) (restOfEnvelope κ1 problem.LeaderRate horizon (Array.last η))
            |]

            let exact n σ (us: float[]) =
                if σ = 0.0 then
                    0.0
                else
                    us |> Array.sumBy (fun u -> RateTail.normal n (u / σ))

            let ofNoise = Array.map (fun (rate: float) -> sqrt (threshold / rate))
            let ofSum = Array.map (fun (variance: float) -> threshold / sqrt variance)

            let sharp =
                exact c.FollowerDimension c.FollowerDeviation (ofNoise γ2)
                + exact c.LeaderDimension c.LeaderDeviation (ofNoise τ)
                + exact c.FollowerDimension c.FollowerDeviation (ofSum (variances κ2 γ2))
                + (if isLeader then
                       exact c.LeaderDimension c.LeaderDeviation (ofSum (variances κ1 γ1))
                   else
                       0.0)

            let hasTime = not (List.contains -1 time)
            let T = if hasTime then List.max time else -1
            let N = if List.contains -1 first then -1 else n0 + List.max first
            let probability = 1.0 - Array.sum sums

            {
                Constant = constant
                FirstStep = N
                Time = T
                LockedFrom = if hasTime then n0 + T + 1 else -1
                Constants =
                    if isLeader then
                        [| C1; C2; C3; C4; C5; C6 |]
                    else
                        [| C1; C2; C3; C4 |]
                Sums = sums
                Rests = rests
                Probability = probability
                ProbabilityForEver = probability - Array.sum rests
                SharpProbability = 1.0 - sharp
                IsApplicable =
                    N = n0
                    && hasTime
                    && n0 + T + 1 <= horizon
                    && (not isLeader || highestτ * problem.FollowerGap <= threshold)
            }

        {
            Lemmas = lemmas
            Follower = lockedIn lemmas.Follower false
            Leader = lockedIn (max lemmas.Follower lemmas.Leader) true
            Beta = β
            Eta = η
        }

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
        (fromStep: int)
        (rates: Rate * Rate)
        (draws: float[][])
        (equilibrium: Tensor)
        (run: Run)
        (game: Game)
        : LemmaRun =
        let func = "Concentration.alongRun"
        let leaderRate, followerRate = rates
        TheoryCheck.leaderAndFollower func game
        TheoryCheck.noBounds func game
        let star = TheoryCheck.point func (nameof equilibrium) game equilibrium
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

        let reaction = Reaction(game, 1)
        let points = run.Trajectory[fromStep..]

        let gapOf (x: float[]) =
            let answered = Array.copy x
            Array.blit star first answered first (d - first)
            reaction.Solve(answered, 0, 1)

            if not (Array.forall Double.IsFinite answered) then
                Require.wrong func (nameof run) "passes a point where the follower's answer is not found."

            norm (Array.map2 (-) x[first..] answered[first..])

        let followerGaps = points |> Array.map gapOf

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
