namespace Stackelberg

open System

[<RequireQualifiedAccess>]
module Concentration =

    let constants (noise: Noise) (assumptions: AssumptionReport) (game: Game) : ConcentrationConstants =
        let func = "Concentration.constants"
        LevelCheck.leaderAndFollower func game

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

        let β, η = RateEnvelope.envelope κ2 γ2, RateEnvelope.envelope κ1 γ1

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
                RateEnvelope.exponential [
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
                rest C1 (C2 * sqrt ε) (RateEnvelope.restOfPower (powerOf problem.FollowerRate) horizon)
                rest C1 (C2 * sqrt ε) (RateEnvelope.restOfPower powerOfRatio horizon)
                rest
                    C3
                    (C4 * ε * ε)
                    (RateEnvelope.restOfEnvelope κ2 problem.FollowerRate horizon (Array.last β))
                if isLeader then
                    rest
                        C5
                        (C6 * ε * ε)
                        (RateEnvelope.restOfEnvelope κ1 problem.LeaderRate horizon (Array.last η))
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
                + exact c.FollowerDimension c.FollowerDeviation (ofSum (RateEnvelope.variances κ2 γ2))
                + (if isLeader then
                       exact c.LeaderDimension c.LeaderDeviation (ofSum (RateEnvelope.variances κ1 γ1))
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

    let alongRun fromStep rates draws equilibrium run game =
        LemmaGaps.alongRun "Concentration.alongRun" fromStep rates draws equilibrium run game
