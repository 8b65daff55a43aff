namespace Stackelberg.Autodiff.Tests.Fuzz

open System

/// Power series Σ cₖ tᵏ of wide numbers: a function near a point.
module Taylor =

    /// Third derivatives, how the error of the point changes them, and one more.
    let length = 6

    let private zeros () = Array.create length Wide.Zero

    let private init (f: int -> Wide) = Array.init length f

    let product (a: Wide[]) (b: Wide[]) =
        init (fun k ->
            let mutable total = Wide.Zero

            for j in 0..k do
                total <- total + a[j] * b[k - j]

            total)

    /// The series with the given value at 0 and the given derivative.
    let integral (start: Wide) (slope: Wide[]) =
        init (fun k -> if k = 0 then start else slope[k - 1] / float k)

    /// a to a constant power, from its value y there.
    let power (y: Wide) (a: Wide[]) (p: float) =
        let c = zeros ()
        c[0] <- y

        for k in 1 .. length - 1 do
            let mutable total = Wide.Zero

            for j in 1..k do
                total <- total + (p * float j - float (k - j)) * (a[j] * c[k - j])

            c[k] <- total / (float k * a[0])

        c

    /// a to a whole power from 0 on.
    let whole (a: Wide) n =
        Seq.fold (fun y _ -> y * a) Wide.One (seq { 1..n })

    let private line (a: Wide) (b: Wide) =
        init (fun k ->
            if k = 0 then a
            elif k = 1 then b
            else Wide.Zero)

    let private factorials = Array.scan (*) 1.0 [| for k in 1..length -> float k |]

    /// From the derivatives, over and over in a cycle.
    let private cycle (derivatives: Wide[]) =
        init (fun k -> derivatives[k % derivatives.Length] / factorials[k])

    let exp x = cycle [| WideMath.exp x |]

    let expm1 x =
        let c = exp x
        c[0] <- WideMath.expm1 x
        c

    let log (x: Wide) =
        integral (WideMath.log x) (power (Wide.One / x) (line x Wide.One) -1.0)

    let log1p (x: Wide) =
        let y = x + 1.0
        integral (WideMath.log1p x) (power (Wide.One / y) (line y Wide.One) -1.0)

    let sin x =
        let struct (s, c) = WideMath.sinCos x
        cycle [| s; c; -s; -c |]

    let cos x =
        let struct (s, c) = WideMath.sinCos x
        cycle [| c; -s; -c; s |]

    let sinh x =
        cycle [| WideMath.sinh x; WideMath.cosh x |]

    let cosh x =
        cycle [| WideMath.cosh x; WideMath.sinh x |]

    let tan x =
        let struct (s, c) = WideMath.sinCos x
        let y = zeros ()
        y[0] <- s / c
        // y′ = 1 + y², with 1 / cos² for the first.
        y[1] <- Wide.One / (c * c)

        for k in 1 .. length - 2 do
            y[k + 1] <- (product y y)[k] / float (k + 1)

        y

    /// exp −|x| / (1 + exp −|x|)², the logistic density, with q = tanh (x / 2): q′ = 2 d, d′ = −d q.
    let private logistic (x: Wide) =
        let d, q = zeros (), zeros ()
        let e = WideMath.exp -(abs x)
        d[0] <- e / ((1.0 + e) * (1.0 + e))
        q[0] <- WideMath.tanh (x.Scaled -1)

        for k in 0 .. length - 2 do
            q[k + 1] <- d[k].Scaled 1 / float (k + 1)
            d[k + 1] <- -((product d q)[k]) / float (k + 1)

        d

    let sigmoid x =
        integral (WideMath.sigmoid x) (logistic x)

    let softplus x =
        integral (WideMath.softplus x) (sigmoid x)

    /// tanh x = 2 sigmoid 2x − 1.
    let tanh (x: Wide) =
        let d = logistic (x.Scaled 1)
        integral (WideMath.tanh x) (init (fun k -> d[k].Scaled(k + 2)))

    let sqrt (x: Wide) =
        let root = Wide.Sqrt x
        let mutable binomial = 1.0

        init (fun k ->
            let c =
                if x.IsZero && k > 0 then Wide.Of(binomial * infinity)
                elif not x.IsFinite && k > 0 then Wide.Zero * root / root
                else binomial * root / whole x k

            binomial <- binomial * (0.5 - float k) / float (k + 1)
            if x.Hi = infinity && k > 0 then Wide.Zero else c)

    let private quadratic (a: Wide) (b: Wide) (c: float) =
        init (fun k ->
            match k with
            | 0 -> a
            | 1 -> b
            | 2 -> Wide.Of c
            | _ -> Wide.Zero)

    let private inverseRoot (r: Wide) (b: Wide) c =
        power (Wide.One / Wide.Sqrt r) (quadratic r b c) -0.5

    let asin (x: Wide) =
        integral (WideMath.asin x) (inverseRoot ((1.0 - x) * (1.0 + x)) (-2.0 * x) -1.0)

    let acos (x: Wide) =
        let c = asin x |> Array.map (~-)
        c[0] <- WideMath.acos x
        c

    /// Flat at infinity, where the recurrences would meet ∞ · 0.
    let private flatAtInfinity (value: Wide -> Wide) series (x: Wide) =
        if x.IsFinite || x.IsNaN then
            series x
        else
            init (fun k -> if k = 0 then value x else Wide.Zero)

    let atan =
        flatAtInfinity WideMath.atan
        <| fun x ->
            let r = 1.0 + x * x
            integral (WideMath.atan x) (power (Wide.One / r) (quadratic r (2.0 * x) 1.0) -1.0)

    let asinh =
        flatAtInfinity WideMath.asinh
        <| fun x -> integral (WideMath.asinh x) (inverseRoot (1.0 + x * x) (2.0 * x) 1.0)

    let acosh (x: Wide) =
        // Below −1 the product of both roots' squares is positive, but neither root is a number.
        if x.Value < 1.0 then
            init (fun _ -> Wide.Of nan)
        else
            integral (WideMath.acosh x) (inverseRoot ((x - 1.0) * (x + 1.0)) (2.0 * x) 1.0)

    let atanh (x: Wide) =
        let r = (1.0 - x) * (1.0 + x)
        integral (WideMath.atanh x) (power (Wide.One / r) (quadratic r (-2.0 * x) -1.0) -1.0)

    /// x to a constant power.
    let pow (p: float) (x: Wide) =
        let value p =
            if p = 0.0 then
                Wide.One
            elif not x.IsFinite then
                Wide.Of(Math.Pow(x.Hi, p))
            elif Math.Floor p = p && abs p <= 64.0 then
                let m = whole x (int (abs p))
                if p < 0.0 then Wide.One / m else m
            elif x.IsNegative then
                Wide.Of nan
            elif x.IsZero then
                Wide.Of(Math.Pow(x.Hi, p))
            else
                WideMath.exp (p * WideMath.log x)

        let mutable binomial = 1.0

        init (fun k ->
            let c =
                if binomial = 0.0 then
                    Wide.Zero
                else
                    binomial * value (p - float k)

            binomial <- binomial * (p - float k) / float (k + 1)
            c)

    let reciprocal x = pow -1.0 x
    let constant (y: Wide) = line y Wide.Zero
    let linear (y: Wide) (slope: float) = line y (Wide.Of slope)
