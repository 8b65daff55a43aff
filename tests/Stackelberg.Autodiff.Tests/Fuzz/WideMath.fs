namespace Stackelberg.Autodiff.Tests.Fuzz

open System
open System.Numerics

/// Elementary functions of wide numbers, to about 29 digits.
module WideMath =

    let private fractionBits = 1400

    /// π 2^1400, by Machin's formula.
    let private scaledPi =
        lazy
            (let arctan (inverse: int) =
                let square = BigInteger(inverse * inverse)
                let mutable power = (BigInteger.One <<< (fractionBits + 32)) / BigInteger inverse
                let mutable total = BigInteger.Zero
                let mutable k = 0

                while not power.IsZero do
                    let term = power / BigInteger(2 * k + 1)
                    total <- if k % 2 = 0 then total + term else total - term
                    power <- power / square
                    k <- k + 1

                total

             (BigInteger 16 * arctan 5 - BigInteger 4 * arctan 239) >>> 32)

    /// An integer times 2^−scale.
    let private ofInteger (n: BigInteger) scale =
        if n.IsZero then
            Wide.Zero
        else
            let length = int (n.GetBitLength())
            let drop = max 0 (length - 106)
            let kept = n >>> drop
            let high = kept >>> 53
            let low = kept - (high <<< 53)
            (Wide.Of(float high).Scaled 53 + Wide.Of(float low)).Scaled(drop - scale)

    /// a 2^1400 as an integer.
    let private toInteger (a: Wide) =
        let part (value: float) exponent =
            if value = 0.0 then
                BigInteger.Zero
            else
                let n = BigInteger(Math.ScaleB(value, 52 - Math.ILogB value))
                let shift = exponent + Math.ILogB value - 52 + fractionBits
                if shift >= 0 then n <<< shift else n >>> -shift

        part a.Hi a.Exponent + part a.Lo a.Exponent

    let pi = lazy (ofInteger scaledPi.Value fractionBits)

    /// Σ for |a| below about 1.
    let private expSeries (a: Wide) =
        let mutable term = a
        let mutable total = a
        let mutable k = 2

        while k < 40 && not term.IsZero && term.Log2 > total.Log2 - 112.0 do
            term <- term * a / float k
            total <- total + term
            k <- k + 1

        total

    /// log ((1 + s) / (1 − s)) for small s.
    let private logSeries (s: Wide) =
        let square = s * s
        let mutable power = s
        let mutable total = s
        let mutable k = 3

        while k < 80 && not power.IsZero && power.Log2 > total.Log2 - 112.0 do
            power <- power * square
            total <- total + power / float k
            k <- k + 2

        total.Scaled 1

    let ln2 = logSeries (Wide.One / 3.0)
    let private small = Wide.Of 0.1

    let expm1 (a: Wide) =
        if a.IsNaN || a.IsZero then
            a
        elif Wide.Less(abs a, Wide.Of 0.4) then
            expSeries a
        elif a.Log2 > 24.0 then
            (if a.IsNegative then Wide.Of -1.0 else Wide.Of infinity)
        else
            let k = Math.Round(a.Value / 0.6931471805599453)
            let r = a - k * ln2
            (expSeries r + 1.0).Scaled(int k) - 1.0

    let exp (a: Wide) =
        if a.IsNaN then
            a
        elif a.IsZero then
            Wide.One
        elif a.Log2 > 24.0 then
            (if a.IsNegative then Wide.Zero else Wide.Of infinity)
        else
            let k = Math.Round(a.Value / 0.6931471805599453)
            (expSeries (a - k * ln2) + 1.0).Scaled(int k)

    let log (a: Wide) =
        if a.IsNaN || a.Hi <= 0.0 || not a.IsFinite then
            Wide.Of(Math.Log a.Hi)
        else
            let off = a - 1.0

            if Wide.Less(abs off, small) then
                logSeries (off / (a + 1.0))
            else
                let m = { a with Exponent = 0 }
                let y = Wide.Of(Math.Log m.Hi)
                let correction = m * exp -y - 1.0
                // log (1 + c) for c of about 1e-16.
                let y = y + (correction - (correction * correction).Scaled -1)
                y + float a.Exponent * ln2

    let log1p (a: Wide) =
        if Wide.Less(abs a, small) then
            (if a.IsZero then a else logSeries (a / (a + 2.0)))
        else
            log (a + 1.0)

    /// Sine and cosine; NaN from 2^1100 on.
    let sinCos (a: Wide) : struct (Wide * Wide) =
        if not a.IsFinite || a.Exponent > 1100 then
            struct (Wide.Of nan, Wide.Of nan)
        elif a.IsZero then
            struct (a, Wide.One)
        else
            let struct (quarter, r) =
                if Wide.Less(abs a, Wide.Of 0.75) then
                    struct (0, a)
                else
                    let scaled = toInteger a
                    let right = scaledPi.Value >>> 1
                    let q = (scaled + (right >>> 1)) / right

                    let q =
                        if (scaled + (right >>> 1)).Sign < 0 then
                            q - BigInteger.One
                        else
                            q

                    struct (int (q &&& BigInteger 3), ofInteger (scaled - q * right) fractionBits)

            let square = r * r

            let series (first: Wide) from =
                let mutable term = first
                let mutable total = first
                let mutable k = from

                while k < 60 && not term.IsZero && term.Log2 > total.Log2 - 112.0 do
                    term <- -(term * square) / float (k * (k + 1))
                    total <- total + term
                    k <- k + 2

                total

            let s, c = series r 2, series Wide.One 1

            match quarter with
            | 0 -> struct (s, c)
            | 1 -> struct (c, -s)
            | 2 -> struct (-s, -c)
            | _ -> struct (-c, s)

    let rec atan (a: Wide) : Wide =
        if a.IsNaN || a.IsZero then
            a
        elif a.IsNegative then
            -(atan -a)
        elif not a.IsFinite then
            pi.Value.Scaled -1
        elif Wide.Less(Wide.One, a) then
            pi.Value.Scaled -1 - atan (Wide.One / a)
        elif a.Exponent < -60 then
            a
        else
            let y = Wide.Of(Math.Atan a.Value)
            let struct (s, c) = sinCos y
            let d = (a * c - s) / (c + a * s)
            y + d

    /// The angle of (x, y), with C's rules for zeros and infinities.
    let atan2 (y: Wide) (x: Wide) =
        if not y.IsFinite || not x.IsFinite || x.IsZero || y.IsZero then
            let angle = Math.Atan2(y.Hi, x.Hi)
            // One of the multiples of π / 4.
            if Double.IsNaN angle || angle = 0.0 then
                Wide.Of angle
            else
                pi.Value * (Math.Round(angle / Math.PI * 4.0) / 4.0)
        elif x.IsNegative then
            if y.IsNegative then
                atan (y / x) - pi.Value
            else
                atan (y / x) + pi.Value
        else
            atan (y / x)

    let asin (a: Wide) =
        let rest = (1.0 - a) * (1.0 + a)

        if a.IsZero then a
        elif rest.IsNegative || rest.IsNaN then Wide.Of nan
        else atan2 a (sqrt rest)

    let acos (a: Wide) =
        let rest = (1.0 - a) * (1.0 + a)

        if rest.IsNegative || rest.IsNaN then
            Wide.Of nan
        else
            atan2 (sqrt rest) a

    let sinh (a: Wide) =
        if Wide.Less(abs a, Wide.Of 0.4) then
            let e = expm1 a
            (e + e / (e + 1.0)).Scaled -1
        else
            (exp a - exp -a).Scaled -1

    let cosh (a: Wide) = (exp a + exp -a).Scaled -1

    let tanh (a: Wide) =
        if a.IsNaN || a.IsZero then
            a
        elif a.Log2 > 20.0 then
            Wide.Of(float (sign a.Hi))
        else
            let e = expm1 (a.Scaled 1)
            e / (e + 2.0)

    let asinh (a: Wide) =
        if a.IsZero || not a.IsFinite then
            a
        else
            let m = abs a
            let r = sqrt (m * m + 1.0)
            let y = log1p (m + m * m / (1.0 + r))
            if a.IsNegative then -y else y

    let acosh (a: Wide) =
        let t = a - 1.0

        if t.IsNegative then Wide.Of nan
        elif not a.IsFinite then a
        else log1p (t + sqrt (t * (t + 2.0)))

    let atanh (a: Wide) =
        if a.IsZero then
            a
        else
            (log1p ((a / (1.0 - a)).Scaled 1)).Scaled -1

    /// 1 / (1 + exp −a).
    let sigmoid (a: Wide) =
        if a.IsNaN then
            a
        elif a.IsNegative then
            let e = exp a
            e / (e + 1.0)
        else
            Wide.One / (exp -a + 1.0)

    /// log (1 + exp a).
    let softplus (a: Wide) =
        if a.IsNaN then a
        elif a.IsNegative then log1p (exp a)
        else a + log1p (exp -a)
