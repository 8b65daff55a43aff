namespace Stackelberg.Autodiff.Tests.Fuzz

open System

/// Error and gamma functions of wide numbers, by other ways than the kernels': series, continued fractions, recurrences.
module WideSpecial =

    let private rootOfPi = lazy (Wide.Sqrt WideMath.pi.Value)

    /// 2/√π exp(−x²) Σ 2ⁿ x²ⁿ⁺¹ / (2n + 1)!!, without cancellation.
    let private erfBySeries (x: Wide) =
        let square = x * x
        let mutable term = x
        let mutable total = x
        let mutable n = 1

        while abs term.Value > 1e-34 * abs total.Value do
            term <- term * square * 2.0 / float (2 * n + 1)
            total <- total + term
            n <- n + 1

        WideMath.exp -square * total * 2.0 / rootOfPi.Value

    /// exp(−x²) / (√π (x + ½/(x + 1/(x + 3⁄2/(x + …))))) for x ≥ 2.
    let private erfcByFraction (x: Wide) =
        let mutable below = x

        for k in 400..-1..1 do
            below <- x + Wide.Of(float k / 2.0) / below

        WideMath.exp -(x * x) / (rootOfPi.Value * below)

    let rec erfc (x: Wide) : Wide =
        if x.Value >= 2.0 then erfcByFraction x
        elif x.Value <= -2.0 then 2.0 - erfcByFraction -x
        else 1.0 - erfBySeries x

    let erf (x: Wide) =
        if x.IsZero then x
        elif x.Value >= 2.0 then 1.0 - erfcByFraction x
        elif x.Value <= -2.0 then erfcByFraction -x - 1.0
        else erfBySeries x

    /// B₂, B₄, …, as fractions.
    let private bernoulli = [|
        1.0, 6.0
        -1.0, 30.0
        1.0, 42.0
        -1.0, 30.0
        5.0, 66.0
        -691.0, 2730.0
        7.0, 6.0
        -3617.0, 510.0
        43867.0, 798.0
        -174611.0, 330.0
        854513.0, 138.0
        -236364091.0, 2730.0
        8553103.0, 6.0
    |]

    /// From here on the asymptotic series are right to a wide number's last places.
    let private far = 60.0

    let private product first last =
        Seq.fold (*) 1.0 (seq { float first .. float last })

    /// Σ B₂ₖ c(k) / x²ᵏ⁻ⁱ.
    let private asymptotic (x: Wide) offset (factor: int -> float) =
        let inverse = Wide.One / x
        let square = inverse * inverse
        let mutable power = Seq.fold (fun p _ -> p * inverse) square (seq { 1..offset })

        if offset < 0 then
            power <- square * x

        let mutable total = Wide.Zero

        bernoulli
        |> Array.iteri (fun i (above, below) ->
            total <- total + Wide.Of above / below * factor (i + 1) * power
            power <- power * square)

        total

    /// log Γ and ψ, ψ′, … up to so many, for x > 0.
    let gammas count (x: Wide) : Wide[] =
        let results = Array.create (count + 1) Wide.Zero
        let mutable y = x

        while y.Value < far do
            results[0] <- results[0] - WideMath.log y

            for m in 0 .. count - 1 do
                let sign = if m % 2 = 0 then -1.0 else 1.0
                let power = Seq.fold (fun p _ -> p * y) Wide.One (seq { 0..m })
                results[m + 1] <- results[m + 1] + sign * product 1 m / power

            y <- y + 1.0

        let ln = WideMath.log y

        let stirling = asymptotic y -1 (fun k -> 1.0 / float (2 * k) / float (2 * k - 1))

        results[0] <-
            results[0] + (y - 0.5) * ln - y
            + WideMath.log (WideMath.pi.Value.Scaled 1) / 2.0
            + stirling

        results[1] <-
            results[1] + ln
            - (Wide.One / y).Scaled -1
            - asymptotic y 0 (fun k -> 1.0 / float (2 * k))

        for m in 1 .. count - 1 do
            let sign = if m % 2 = 0 then -1.0 else 1.0
            let power = Seq.fold (fun p _ -> p / y) Wide.One (seq { 1..m })

            results[m + 1] <-
                results[m + 1]
                + sign
                  * (product 1 (m - 1) * power
                     + product 1 m / 2.0 * power / y
                     + asymptotic y m (fun k -> product (2 * k + 1) (2 * k + m - 1)))

        results

/// Their power series and jets.
module SpecialEntry =

    let private slope = lazy (2.0 / Wide.Sqrt WideMath.pi.Value)

    /// g = exp −x²: g′ = −2 x g.
    let private gaussian (x: Wide) =
        let c = Array.create Taylor.length Wide.Zero
        c[0] <- WideMath.exp -(x * x)

        for k in 0 .. Taylor.length - 2 do
            let before = if k = 0 then Wide.Zero else c[k - 1]
            c[k + 1] <- -2.0 * (x * c[k] + before) / float (k + 1)

        c |> Array.map (fun g -> slope.Value * g)

    /// Beyond it exp −x² is 0 in all number types, and its series would be 0 · ∞.
    let private flatBeyond = 1e3

    let private bell value sign (x: Wide) =
        if abs x.Value > flatBeyond then
            Taylor.constant (
                Wide.Of(Math.Round((value (Wide.Of(float (Math.Sign x.Hi) * 50.0)): Wide).Value))
            )
        else
            Taylor.integral (value x) (gaussian x |> Array.map (fun g -> sign * g))

    let erf p =
        Jet.apply p (fun _ -> 1.0) (bell WideSpecial.erf 1.0)

    let erfc p =
        Jet.apply p (fun x -> 1.0 / (1.0 + abs x.Value)) (bell WideSpecial.erfc -1.0)

    let private factorial k =
        Seq.fold (*) 1.0 (seq { 1.0 .. float k })

    /// The order-th derivative of log Γ, for x ≥ 1.
    let polygamma order p =
        let series (x: Wide) =
            if not x.IsFinite then
                let value = if order < 2 then infinity else 0.0

                Array.init Taylor.length (fun k ->
                    if k = 0 then Wide.Of value
                    elif k = 1 && order = 0 then Wide.Of infinity
                    else Wide.Zero)
            else
                let all = WideSpecial.gammas (order + Taylor.length) x

                Array.init Taylor.length (fun k -> all[order + k] / factorial k)

        Jet.apply p (fun x -> x.Value) series
