namespace Stackelberg.Autodiff.Tests.Fuzz

open System
open System.Numerics

/// A number of about 31 digits without overflow or underflow: (Hi + Lo) 2^Exponent with 1 ≤ |Hi| < 2, or 0, ±∞, NaN in
/// Hi alone. After T. J. Dekker (1971), with an exponent of its own.
[<Struct; CustomEquality; NoComparison>]
type Wide = {
    Hi: float
    Lo: float
    Exponent: int
} with

    override _.Equals _ =
        invalidOp "Wide numbers are compared by Wide.Less."

    override _.GetHashCode() = 0

    static member Raw(hi, lo, exponent) = {
        Hi = hi
        Lo = lo
        Exponent = exponent
    }

    static member Zero = Wide.Raw(0.0, 0.0, 0)
    static member One = Wide.Raw(1.0, 0.0, 0)

    /// 2^k for |k| ≤ 1022.
    static member private PowerOfTwo(k: int) =
        BitConverter.Int64BitsToDouble(int64 (k + 1023) <<< 52)

    static member private Normal(hi: float, lo: float, exponent: int) =
        let sum = hi + lo
        let rest = lo - (sum - hi)

        if sum = 0.0 || not (Double.IsFinite sum) then
            Wide.Raw(sum, 0.0, 0)
        else
            let shift = int ((BitConverter.DoubleToInt64Bits sum >>> 52) &&& 0x7FFL) - 1023

            // In two steps, as 2^−1023 is no normal number.
            let scale = Wide.PowerOfTwo(-(shift / 2))
            let other = Wide.PowerOfTwo(-(shift - shift / 2))
            Wide.Raw(sum * scale * other, rest * scale * other, exponent + shift)

    static member Of(value: float) =
        if value = 0.0 || not (Double.IsFinite value) then
            Wide.Raw(value, 0.0, 0)
        elif Double.IsNormal value then
            Wide.Normal(value, 0.0, 0)
        else
            Wide.Normal(value * 1.6069380442589903e60, 0.0, -200)

    static member Of(value: int) = Wide.Of(float value)
    member a.IsFinite = Double.IsFinite a.Hi
    member a.IsNaN = Double.IsNaN a.Hi
    member a.IsZero = (a.Hi = 0.0)
    member a.IsNegative = a.Hi < 0.0

    member a.Scaled(k: int) =
        if a.Hi = 0.0 || not (Double.IsFinite a.Hi) then
            a
        else
            Wide.Raw(a.Hi, a.Lo, a.Exponent + k)

    /// Rounded to float64.
    member a.Value =
        if a.Hi = 0.0 || not a.IsFinite then
            a.Hi
        else
            Math.ScaleB(a.Hi, a.Exponent)

    /// About log2 |a|.
    member a.Log2 =
        if a.Hi = 0.0 then Double.NegativeInfinity
        elif not a.IsFinite then Double.PositiveInfinity
        else float a.Exponent + Math.Log2(abs a.Hi)

    static member (~-)(a: Wide) = Wide.Raw(-a.Hi, -a.Lo, a.Exponent)
    static member Abs(a: Wide) = if a.Hi < 0.0 then -a else a

    static member (+)(a: Wide, b: Wide) =
        if a.Hi = 0.0 || b.Hi = 0.0 || not a.IsFinite || not b.IsFinite then
            if a.Hi = 0.0 && b.Hi <> 0.0 then b
            elif b.Hi = 0.0 && a.Hi <> 0.0 then a
            else Wide.Raw(a.Hi + b.Hi, 0.0, 0)
        else
            let shift = a.Exponent - b.Exponent

            if shift > 230 then
                a
            elif shift < -230 then
                b
            else
                // The larger one keeps its place; the other's parts are scaled exactly.
                let a, b, shift = if shift >= 0 then a, b, shift else b, a, -shift
                let scale = Wide.PowerOfTwo -shift
                let bHi, bLo = b.Hi * scale, b.Lo * scale
                let sum = a.Hi + bHi
                let part = sum - a.Hi
                let error = (a.Hi - (sum - part)) + (bHi - part)
                let low = a.Lo + bLo
                let part = low - a.Lo
                let lowError = (a.Lo - (low - part)) + (bLo - part)
                let error = error + low
                let high = sum + error
                let error = error - (high - sum) + lowError
                Wide.Normal(high, error, a.Exponent)

    static member (-)(a: Wide, b: Wide) = a + -b

    static member (*)(a: Wide, b: Wide) =
        if a.Hi = 0.0 || b.Hi = 0.0 || not a.IsFinite || not b.IsFinite then
            Wide.Raw(a.Hi * b.Hi, 0.0, 0)
        else
            let product = a.Hi * b.Hi
            let error = Math.FusedMultiplyAdd(a.Hi, b.Hi, -product)
            Wide.Normal(product, error + (a.Hi * b.Lo + a.Lo * b.Hi), a.Exponent + b.Exponent)

    static member (/)(a: Wide, b: Wide) =
        if a.Hi = 0.0 || b.Hi = 0.0 || not a.IsFinite || not b.IsFinite then
            Wide.Raw(a.Hi / b.Hi, 0.0, 0)
        else
            let first = Wide.Of(a.Hi / b.Hi).Scaled(a.Exponent - b.Exponent)
            let rest = a - first * b

            if rest.IsZero then
                first
            else
                let second = Wide.Of(rest.Hi / b.Hi).Scaled(rest.Exponent - b.Exponent)
                let rest = rest - second * b
                let quotient = first + second

                if rest.IsZero then
                    quotient
                else
                    quotient + Wide.Of(rest.Hi / b.Hi).Scaled(rest.Exponent - b.Exponent)

    static member (*)(a: float, b: Wide) = Wide.Of a * b
    static member (*)(a: Wide, b: float) = a * Wide.Of b
    static member (/)(a: Wide, b: float) = a / Wide.Of b
    static member (+)(a: Wide, b: float) = a + Wide.Of b
    static member (-)(a: Wide, b: float) = a - Wide.Of b
    static member (+)(a: float, b: Wide) = Wide.Of a + b
    static member (-)(a: float, b: Wide) = Wide.Of a - b
    static member (/)(a: float, b: Wide) = Wide.Of a / b

    static member Sqrt(a: Wide) =
        if a.Hi = 0.0 || a.Hi < 0.0 || not a.IsFinite then
            Wide.Raw(Math.Sqrt a.Hi, 0.0, 0)
        else
            let odd = a.Exponent &&& 1
            let m = { a with Exponent = odd }
            let guess = Wide.Of(Math.Sqrt(m.Hi * float (1 + odd)))
            // Two steps of Newton's method double the digits twice.
            let better = (guess + m / guess).Scaled -1
            ((better + m / better).Scaled -1).Scaled((a.Exponent - odd) / 2)

    static member Less(a: Wide, b: Wide) =
        if a.IsNaN || b.IsNaN then false
        elif not a.IsFinite || not b.IsFinite then a.Hi < b.Hi
        else (a - b).Hi < 0.0

    static member Same(a: Wide, b: Wide) =
        if not a.IsFinite || not b.IsFinite then
            a.Hi = b.Hi
        else
            (a - b).Hi = 0.0

    /// Whether a number type of so many bits, of multiples of 2^least, holds the value exactly.
    member a.IsExactly(bits: int, least: int) =
        let available = min bits (a.Exponent - least + 1)

        a.Hi = 0.0
        || a.Lo = 0.0
           && available > 0
           && (let scaled = a.Hi * Wide.PowerOfTwo(available - 1) in Math.Floor scaled = scaled)
