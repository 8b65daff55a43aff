namespace Stackelberg.Autodiff.Tests.Fuzz

open System
open System.Numerics

/// The error function and the logarithm of the gamma function with their derivatives, as wide numbers.
module Special =

    let private rootPi = lazy (sqrt WideMath.pi.Value)

    /// 2/√π e^(−x²) Σ 2ᵏ x^(2k+1) / (2k + 1)!!, of positive terms for x > 0.
    let private erfSeries (x: Wide) =
        let square = (x * x).Scaled 1
        let mutable term = x
        let mutable total = x
        let mutable k = 1

        while k < 400 && not term.IsZero && term.Log2 > total.Log2 - 112.0 do
            term <- term * square / float (2 * k + 1)
            total <- total + term
            k <- k + 1

        total.Scaled 1 * WideMath.exp -(x * x) / rootPi.Value

    /// Laplace's continued fraction, from x = 2 on.
    let private erfcFraction (x: Wide) =
        let mutable f = x

        for k in 300..-1..1 do
            f <- x + (float k / 2.0) / f

        WideMath.exp -(x * x) / (rootPi.Value * f)

    let erfc (x: Wide) =
        if x.IsNaN then
            x
        elif not x.IsFinite || x.Log2 > 10.0 then
            (if x.IsNegative then
                 Wide.Of 2.0
             elif x.IsFinite then
                 WideMath.exp -(x * x) / (rootPi.Value * x)
             else
                 Wide.Zero)
        elif Wide.Less(x, Wide.Of 2.0) then
            (if Wide.Less(x, Wide.Of -2.0) then
                 2.0 - erfcFraction -x
             else
                 1.0 - erfSeries x)
        else
            erfcFraction x

    let erf (x: Wide) =
        if x.IsNaN then x
        elif Wide.Less(abs x, Wide.Of 2.0) then erfSeries x
        elif x.IsNegative then erfc -x - 1.0
        else 1.0 - erfc x

    /// B₂, B₄, … by their recurrence, over rationals.
    let private bernoulli =
        lazy
            (let count = 40

             let numerators, denominators =
                 Array.create (count + 1) BigInteger.Zero, Array.create (count + 1) BigInteger.One

             numerators[0] <- BigInteger.One

             for m in 1..count do
                 // Σ binomial(m + 1, k) Bₖ = 0 over k ≤ m.
                 let mutable n, d = BigInteger.Zero, BigInteger.One
                 let mutable binomial = BigInteger.One

                 for k in 0 .. m - 1 do
                     n <- n * denominators[k] + binomial * numerators[k] * d
                     d <- d * denominators[k]
                     let g = BigInteger.GreatestCommonDivisor(n, d)
                     n <- n / g
                     d <- d / g
                     binomial <- binomial * BigInteger(m + 1 - k) / BigInteger(k + 1)

                 numerators[m] <- -n
                 denominators[m] <- d * BigInteger(m + 1)

             let wide (n: BigInteger) =
                 let high = float (n >>> 40)
                 Wide.Of(high).Scaled 40 + Wide.Of(float (n - (BigInteger high <<< 40)))

             Array.init (count / 2) (fun i -> wide numerators[2 * i + 2] / wide denominators[2 * i + 2]))

    let private shiftTo = 36.0

    let private factorial n =
        Seq.fold (*) 1.0 (Seq.map float [ 1..n ])

    /// ψ⁽ⁿ⁾ for large x; the logarithm of gamma for n = −1.
    let private asymptotic n (x: Wide) =
        let mutable total =
            match n with
            | -1 ->
                (x - 0.5) * WideMath.log x - x
                + (WideMath.log (WideMath.pi.Value.Scaled 1)).Scaled -1
            | 0 -> WideMath.log x - 0.5 / x
            | _ ->
                let sign = if n % 2 = 0 then -1.0 else 1.0

                sign * factorial (n - 1) / Taylor.whole x n
                + sign * factorial n / 2.0 / Taylor.whole x (n + 1)

        for k in 1..15 do
            let b = bernoulli.Value[k - 1]
            let order = 2 * k

            let term =
                match n with
                | -1 -> b / (float order * float (order - 1)) / Taylor.whole x (order - 1)
                | 0 -> -b / float order / Taylor.whole x order
                | _ ->
                    let sign = if n % 2 = 0 then -1.0 else 1.0
                    let ratio = Seq.fold (*) 1.0 (Seq.map float [ order + 1 .. order + n - 1 ])
                    sign * ratio * b / Taylor.whole x (order + n)

            total <- total + term

        total

    let private isPole (x: Wide) =
        not (Wide.Less(Wide.Zero, x)) && (let v = x.Value in Math.Floor v = v)

    let rec polygamma n (x: Wide) : Wide =
        if not x.IsFinite || isPole x then
            (if n = -1 && not x.IsNaN then Wide.Of infinity
             elif x.Hi = infinity then (if n = 0 then x else Wide.Zero)
             else Wide.Of nan)
        elif n = -1 && (x - 1.0).IsZero || n = -1 && (x - 2.0).IsZero then
            Wide.Zero
        elif n = -1 && Wide.Less(abs (x - 1.0), Wide.Of 1e-5) then
            // The terms of the general way would cancel.
            let t = x - 1.0

            Seq.fold
                (fun (total: Wide) k -> total + polygamma (k - 1) Wide.One * Taylor.whole t k / factorial k)
                Wide.Zero
                [ 1..6 ]
        else
            let mutable y = x
            let mutable before = Wide.Zero

            while Wide.Less(y, Wide.Of shiftTo) do
                before <-
                    before
                    + (match n with
                       | -1 -> WideMath.log (abs y)
                       | _ -> (if n % 2 = 0 then factorial n else -(factorial n)) / Taylor.whole y (n + 1))

                y <- y + 1.0

            asymptotic n y - before

    let private gaussian (x: Wide) sign =
        // exp −(x + t)² by y′ = −2 (x + t) y.
        let c = Array.create Taylor.length Wide.Zero
        c[0] <- sign * (WideMath.exp -(x * x)).Scaled 1 / rootPi.Value

        for k in 1 .. Taylor.length - 1 do
            let older = if k > 1 then c[k - 2] else Wide.Zero
            c[k] <- -2.0 * (x * c[k - 1] + older) / float k

        c

    let erfTaylor (x: Wide) =
        Taylor.integral
            (erf x)
            (if x.IsFinite then
                 gaussian x 1.0
             else
                 Array.create Taylor.length (if x.IsNaN then x else Wide.Zero))

    let erfcTaylor (x: Wide) =
        Taylor.integral
            (erfc x)
            (if x.IsFinite then
                 gaussian x -1.0
             else
                 Array.create Taylor.length (if x.IsNaN then x else Wide.Zero))

    /// From ψ⁽ⁿ⁾ on, or from the logarithm of gamma for n = −1.
    let gammaTaylor n (x: Wide) =
        Array.init Taylor.length (fun k -> polygamma (n + k) x / factorial k)

    /// To the nearest pole.
    let radius (x: Wide) =
        if Wide.Less(Wide.Zero, x) then
            x.Value
        else
            abs (x.Value - Math.Round x.Value)
