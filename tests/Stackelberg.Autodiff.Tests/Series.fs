namespace Stackelberg.Autodiff.Tests

open System

/// Truncated power series in one variable: the independent oracle for derivatives of every order. Coefficient k is
/// the k-th derivative over k!.
[<CustomEquality; NoComparison>]
type Series =
    | Series of float[]

    /// Enough for sixth derivatives.
    static member Length = 7

    member s.Item
        with get k =
            let (Series c) = s
            c[k]

    override _.Equals _ =
        invalidOp "Series have no equality; compare coefficients."

    override _.GetHashCode() = 0

    static member Of(value: float) =
        Series(Array.init Series.Length (fun k -> if k = 0 then value else 0.0))

    /// a + s·b, the line through a in direction b.
    static member Line(a: float, b: float) =
        Series(
            Array.init Series.Length (fun k ->
                match k with
                | 0 -> a
                | 1 -> b
                | _ -> 0.0)
        )

    static member (~-)(Series a) = Series(Array.map (~-) a)
    static member (+)(Series a, Series b) = Series(Array.map2 (+) a b)
    static member (-)(Series a, Series b) = Series(Array.map2 (-) a b)
    static member (+)(a: Series, b: float) = a + Series.Of b
    static member (+)(a: float, b: Series) = Series.Of a + b
    static member (-)(a: Series, b: float) = a - Series.Of b
    static member (-)(a: float, b: Series) = Series.Of a - b

    static member (*)(Series a, Series b) =
        Series(Array.init Series.Length (fun k -> Seq.sum (seq { for j in 0..k -> a[j] * b[k - j] })))

    static member (*)(a: float, b: Series) = Series.Of a * b
    static member (*)(a: Series, b: float) = a * Series.Of b

    static member (/)(Series a, Series b) =
        let q = Array.zeroCreate Series.Length

        for k in 0 .. Series.Length - 1 do
            q[k] <- (a[k] - Seq.sum (seq { for j in 1..k -> b[j] * q[k - j] })) / b[0]

        Series q

    static member (/)(a: float, b: Series) = Series.Of a / b
    static member (/)(a: Series, b: float) = a / Series.Of b

    /// y with y(0) given and y′ = w u′.
    static member Along(start: float, Series w, Series u) =
        Series(
            Array.init Series.Length (fun k ->
                if k = 0 then
                    start
                else
                    Seq.sum (seq { for j in 1..k -> float j * u[j] * w[k - j] }) / float k)
        )

    static member Exp(Series u) =
        let y = Array.zeroCreate Series.Length
        y[0] <- Math.Exp u[0]

        for k in 1 .. Series.Length - 1 do
            y[k] <- Seq.sum (seq { for j in 1..k -> float j * u[j] * y[k - j] }) / float k

        Series y

    static member Log(u: Series) = Series.Along(Math.Log u[0], 1.0 / u, u)

    static member SinCos(Series u) =
        let s, c = Array.zeroCreate Series.Length, Array.zeroCreate Series.Length
        s[0] <- Math.Sin u[0]
        c[0] <- Math.Cos u[0]

        for k in 1 .. Series.Length - 1 do
            s[k] <- Seq.sum (seq { for j in 1..k -> float j * u[j] * c[k - j] }) / float k
            c[k] <- -Seq.sum(seq { for j in 1..k -> float j * u[j] * s[k - j] }) / float k

        Series s, Series c

    static member Sin(u: Series) = fst (Series.SinCos u)
    static member Cos(u: Series) = snd (Series.SinCos u)
    static member Tan(u: Series) = sin u / cos u
    static member Sinh(u: Series) = (exp u - exp (-u)) / 2.0
    static member Cosh(u: Series) = (exp u + exp (-u)) / 2.0
    static member Tanh(u: Series) = 1.0 - 2.0 / (exp (2.0 * u) + 1.0)

    /// u to a constant power, u > 0 or p a whole number from 0 on.
    static member Power(u: Series, p: float) =
        if p >= 0.0 && Math.Floor p = p then
            Seq.fold (*) (Series.Of 1.0) (Seq.replicate (int p) u)
        else
            exp (Series.Of p * log u)

    static member Sqrt(u: Series) = Series.Power(u, 0.5)
    static member Abs(u: Series) = if u[0] < 0.0 then -u else u

    static member Atan(u: Series) =
        Series.Along(Math.Atan u[0], 1.0 / (1.0 + u * u), u)

    static member Asin(u: Series) =
        Series.Along(Math.Asin u[0], 1.0 / sqrt (1.0 - u * u), u)

    static member Acos(u: Series) = Series.Of(Math.PI / 2.0) - asin u

    static member Atan2(y: Series, x: Series) =
        let r = x * x + y * y
        let a = Series.Along(Math.Atan2(y[0], x[0]), x / r, y)
        a - Series.Along(0.0, y / r, x)

    /// A X = B by elimination with pivots chosen by size.
    static member Solve(a: Series[,], b: Series[]) =
        let n = b.Length
        let a, x = Array2D.copy a, Array.copy b

        for k in 0 .. n - 1 do
            let pivot = Seq.maxBy (fun i -> abs a[i, k].[0]) [ k .. n - 1 ]

            for j in 0 .. n - 1 do
                let held = a[k, j]
                a[k, j] <- a[pivot, j]
                a[pivot, j] <- held

            let held = x[k]
            x[k] <- x[pivot]
            x[pivot] <- held

            for i in k + 1 .. n - 1 do
                let f = a[i, k] / a[k, k]
                x[i] <- x[i] - f * x[k]

                for j in k .. n - 1 do
                    a[i, j] <- a[i, j] - f * a[k, j]

        for i in n - 1 .. -1 .. 0 do
            for j in i + 1 .. n - 1 do
                x[i] <- x[i] - a[i, j] * x[j]

            x[i] <- x[i] / a[i, i]

        x

/// What tests compare with.
module Expect =

    open Stackelberg
    open Xunit

    let vector (values: float seq) = Tensor.ofSeq values
    let scalar (value: float) = Tensor.scalar value

    let ofShape (shape: int list) (values: float seq) =
        Tensor.reshape shape (Tensor.ofSeq values)

    /// |expected − actual| ≤ bound·(1 + |expected|), entry by entry; NaN meets NaN, ∞ meets ∞.
    let closeTo (bound: float) (expected: float[]) (actual: float[]) =
        Assert.Equal(expected.Length, actual.Length)

        for i in 0 .. expected.Length - 1 do
            let e, a = expected[i], actual[i]

            let fits =
                e = a
                || Double.IsNaN e && Double.IsNaN a
                || abs (e - a) <= bound * (1.0 + abs e)

            Assert.True(fits, $"entry {i}: expected %.17g{e}, actual %.17g{a} in {actual |> Array.toList}")

    let near bound (expected: float seq) (actual: Tensor) =
        closeTo bound (Array.ofSeq expected) (actual.ToArray())

    let exactly (expected: float seq) (actual: Tensor) = near 0.0 expected actual

    let shape (expected: int list) (actual: Tensor) =
        Assert.Equal<int>(Array.ofList expected, actual.Shape)

    /// Unit vector k of n entries.
    let unit n k =
        vector (Array.init n (fun i -> if i = k then 1.0 else 0.0))

    let message<'E, 'T when 'E :> exn> (expected: string) (action: unit -> 'T) =
        let error = Assert.Throws<'E>(fun () -> action () |> ignore)
        Assert.Equal(expected, error.Message)

    /// Numbers that look random but are the same each time, in (−1, 1).
    let numbers seed n =
        let random = Random(seed: int)
        Array.init n (fun _ -> 2.0 * random.NextDouble() - 1.0)
