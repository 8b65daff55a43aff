namespace Stackelberg

/// What the concentration bounds sum over a run's rates, and bounds of the sums beyond its horizon.
module internal RateEnvelope =

    /// β or η: of a player's rates from n₀ to the horizon, and κ.
    let envelope κ (rates: float[]) =
        let found = Array.zeroCreate (rates.Length - 1)
        let mutable value = 0.0

        for n in 0 .. found.Length - 1 do
            // One step more: what was there decays by the step that is added to the sum, which the newest does not have.
            value <- max (exp (-κ * rates[n]) * value) rates[n]
            found[n] <- value

        found

    /// Upper bounds of the normal sums' variances in every direction, over σ².
    let variances κ (rates: float[]) =
        let found = Array.zeroCreate (rates.Length - 1)
        let mutable value = 0.0

        for n in 0 .. found.Length - 1 do
            value <- exp (-2.0 * κ * rates[n]) * value + rates[n] * rates[n]
            found[n] <- value

        found

    /// Of a sum over an envelope beyond the horizon N, where it is at most B n^(−q): a step's decay e^(−κγ) is at most
    /// (1 + 1/n)^(−q) from N on if it is at N, for rates c n^(−p) with p ≤ 1, and the newest rate falls as n^(−p), q ≤ p.
    let restOfEnvelope κ (rate: Rate) horizon (last: float) (factor: float) (exponent: float) =
        match RateTail.power rate horizon with
        | ValueSome(struct (c, p)) when p > 0.0 && p <= 1.0 ->
            let N = float horizon
            let q = min p (κ * rate.At(horizon + 1) / log (1.0 + 1.0 / N))
            let B = max (last * N ** q) (c * (N + 1.0) ** (q - p))
            factor * RateTail.integral (exponent / B) q N
        | _ -> infinity

    /// Of a sum of a e^(−q/√γ) beyond the horizon, γ = c k^(−p).
    let restOfPower (power: struct (float * float) voption) horizon (factor: float) (exponent: float) =
        match power with
        | ValueSome(struct (c, p)) when p > 0.0 ->
            factor * RateTail.integral (exponent / sqrt c) (0.5 * p) (float (horizon + 1))
        | _ -> infinity

    /// b is at most so many over σ √d: a stays a number that can be held, and the tail beyond is e^−50 and less.
    let steepest = 10.0

    /// One a and b of P(‖w‖ > u) ≤ a e^(−b u) for all players, each with its entries, its deviation and the least u that is asked
    /// for: b is the best of the player that has the least. Nothing without noise.
    let exponential (players: (int * float * float) list) =
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
