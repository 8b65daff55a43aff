namespace Stackelberg.Autodiff.Tests

open System
open Stackelberg
open Stackelberg.Kernels

/// One op under test: what the engine computes from a flat vector, and the same on power series.
type OpCase = {
    Name: string
    Point: float[]
    Apply: Tensor -> Tensor
    Reference: Series[] -> Series[]
}

/// The table of all differentiable ops, over shapes, views and broadcasts.
module OpCases =

    let private case name point apply reference = {
        Name = name
        Point = Array.ofList point
        Apply = apply
        Reference = reference
    }

    /// A constant in the number type of x.
    let private like (x: Tensor) (constant: Tensor) = Tensor.cast x.DType constant

    let private anywhere = [ 0.3; -0.7; 1.9; -2.4; 0.05 ]
    let private positive = [ 0.3; 0.7; 1.9; 2.4; 0.05 ]
    let private inside = [ 0.3; -0.7; 0.9; -0.04 ]
    let private six = List.ofArray (Expect.numbers 1 6)
    let private twelve = List.ofArray (Expect.numbers 2 12)

    let private each name point (f: Tensor -> Tensor) (g: Series -> Series) = case name point f (Array.map g)

    let private sigmoid (u: Series) = 1.0 / (1.0 + exp (-u))
    let private total (s: Series seq) = Seq.fold (+) (Series.Of 0.0) s
    let private grid columns (x: Series[]) i j = x[i * columns + j]

    let private product (m, k, n) (a: int -> int -> Series) (b: int -> int -> Series) = [|
        for i in 0 .. m - 1 do
            for j in 0 .. n - 1 do
                total (seq { for l in 0 .. k - 1 -> a i l * b l j })
    |]

    let private two = [ 0.4; -1.2; 0.7; 1.5; -0.3; 2.1 ]

    let private both name point (f: Tensor -> Tensor -> Tensor) (g: Series -> Series -> Series) =
        let n = List.length point / 2

        case name point (fun x -> f (Tensor.slice 0 0 n x) (Tensor.slice 0 n n x)) (fun x ->
            Array.init n (fun i -> g x[i] x[i + n]))

    let private erf (u: Series) =
        let value x =
            let mutable term = x
            let mutable sum = x

            for k in 1..60 do
                term <- -term * x * x / float k
                sum <- sum + term / float (2 * k + 1)

            2.0 / sqrt Math.PI * sum

        Series.Along(value u[0], 2.0 / sqrt Math.PI * exp (-(u * u)), u)

    /// ψ⁽ⁿ⁾ as a series: 40 terms of its sum, and the rest by the formula of Euler and Maclaurin.
    let private polygamma n (u: Series) =
        let power (v: Series) =
            Seq.fold (*) (Series.Of 1.0) (Seq.replicate (n + 1) v)

        let factorial = Seq.fold (*) 1.0 [ for k in 1..n -> float k ]
        let v = u + 40.0
        let head = total (seq { for k in 0..39 -> 1.0 / power (u + float k) })

        let rising count =
            Seq.fold (*) 1.0 [ for k in 1..count -> float (n + k) ]

        let tail =
            v / (power v * float n) + 0.5 / power v + rising 1 / 12.0 / (power v * v)
            - rising 3 / 720.0 / (power v * v * v * v)
            + rising 5 / 30240.0 / (power v * v * v * v * v * v)

        (if n % 2 = 0 then -factorial else factorial) * (head + tail)

    let private digamma (u: Series) =
        // ψ = log v − 1/2v − 1/12v² + 1/120v⁴ − … − Σ 1/(u + k) for v = u + 40.
        let v = u + 40.0

        let start =
            log v - 0.5 / v - 1.0 / (12.0 * v * v) + 1.0 / (120.0 * v * v * v * v)
            - 1.0 / (252.0 * v * v * v * v * v * v)

        start - total (seq { for k in 0..39 -> 1.0 / (u + float k) })

    let private lgamma (u: Series) =
        let v = u + 40.0

        (v - 0.5) * log v - v + 0.5 * log (2.0 * Math.PI) + 1.0 / (12.0 * v)
        - 1.0 / (360.0 * v * v * v)
        + 1.0 / (1260.0 * v * v * v * v * v)
        - total (seq { for k in 0..39 -> log (u + float k) })

    let private elementwise = [
        each "negate" anywhere (~-) (~-)
        each "exp" anywhere exp exp
        each "log" positive log log
        each "log10" positive log10 (fun u -> log u / log 10.0)
        each "sqrt" positive sqrt sqrt
        each "abs" anywhere abs abs
        each "sin" anywhere sin sin
        each "cos" anywhere cos cos
        each "tan" inside tan tan
        each "sinh" anywhere sinh sinh
        each "cosh" anywhere cosh cosh
        each "tanh" anywhere tanh tanh
        each "asin" inside asin asin
        each "acos" inside acos acos
        each "atan" anywhere atan atan
        each "asinh" anywhere Tensor.asinh (fun u ->
            Series.Along(Math.Asinh u[0], 1.0 / sqrt (1.0 + u * u), u))
        each "acosh" [ 1.2; 1.9; 3.5 ] (fun x -> Tensor.acosh (0.25 + x * x)) (fun u ->
            let v = 0.25 + u * u
            log (v + sqrt (v * v - 1.0)))
        each "atanh" inside Tensor.atanh (fun u -> log ((1.0 + u) / (1.0 - u)) / 2.0)
        each "erf" anywhere Tensor.erf erf
        each "erfc" anywhere Tensor.erfc (fun u -> 1.0 - erf u)
        each "lgamma" [ 1.3; 1.9; 2.4; 6.5 ] Tensor.lgamma lgamma
        each "digamma" [ 1.3; 1.9; 2.4; 6.5 ] Tensor.digamma digamma
        each "polygamma" [ 1.3; 1.9; 2.4; 6.5 ] (Tensor.polygamma 2) (polygamma 2)
        each "clamp" anywhere (fun x -> Tensor.clamp -1.0 1.5 (x * x * x)) (fun u ->
            let v = u * u * u

            if v[0] < -1.0 then Series.Of -1.0
            elif v[0] > 1.5 then Series.Of 1.5
            else v)
        each "expm1" anywhere Tensor.expm1 (fun u -> exp u - 1.0)
        each "log1p" inside Tensor.log1p (fun u -> log (1.0 + u))
        each "sigmoid" anywhere Tensor.sigmoid sigmoid
        each "softplus" anywhere Tensor.softplus (fun u -> log (1.0 + exp u))
        each "relu" anywhere Tensor.relu (fun u -> if u[0] > 0.0 then u else Series.Of 0.0)
        each "a number to the power of a tensor" anywhere (Tensor.pow 2.5) (fun u -> exp (u * log 2.5))
        each "power 3" anywhere (fun x -> x ** 3) (fun u -> Series.Power(u, 3.0))
        each "power 2" anywhere (fun x -> x ** 2.0) (fun u -> u * u)
        each "power −1" anywhere (fun x -> x ** -1.0) (fun u -> 1.0 / u)
        each "power 2.5" positive (fun x -> x ** 2.5) (fun u -> Series.Power(u, 2.5))
        each "power 0" anywhere (fun x -> x * x ** 0.0) id
        each "number plus tensor" anywhere (fun x -> 2.0 + x) (fun u -> 2.0 + u)
        each "number minus tensor" anywhere (fun x -> 2 - x) (fun u -> 2.0 - u)
        each "tensor by number" anywhere (fun x -> x / 3.0) (fun u -> u / 3.0)
        each "number by tensor" anywhere (fun x -> 3 / x) (fun u -> 3.0 / u)
        each "one entry" [ 0.8 ] (fun x -> sin x * x) (fun u -> sin u * u)
        each "no entry" [] (fun x -> sin x * x + exp x) (fun u -> sin u * u + exp u)
        both "add" two (+) (+)
        both "subtract" two (-) (-)
        both "multiply" two (*) (*)
        both "divide" two (/) (/)
        both "pow" [ 0.4; 1.2; 0.7; 1.5; -0.3; 2.1 ] (fun a b -> a ** b) (fun a b -> exp (b * log a))
        both "atan2" two atan2 (fun y x -> Series.Atan2(y, x))
        both "maximum" two Tensor.maximum (fun a b -> if a[0] >= b[0] then a else b)
        both "minimum" two Tensor.minimum (fun a b -> if a[0] <= b[0] then a else b)
        both "logaddexp" two Tensor.logaddexp (fun a b -> log (exp a + exp b))
        both "where" two (fun a b -> Tensor.where (Tensor.less a b) (a * b) (sin a)) (fun a b ->
            if a[0] < b[0] then a * b else sin a)
    ]

    let private matrix = Tensor.reshape [ 2; 3 ]
    let private cube = Tensor.reshape [ 2; 3; 2 ]

    let private broadcasting = [
        case
            "a row and a column"
            (six @ [ 0.2 ])
            (fun x -> Tensor.reshape [ 3; 1 ] (Tensor.slice 0 0 3 x) * Tensor.slice 0 3 4 x)
            (fun x -> [|
                for i in 0..2 do
                    for j in 3..6 do
                        x[i] * x[j]
            |])
        case "a matrix and a row" six (fun x -> exp (matrix x) * Tensor.slice 0 0 3 x) (fun x ->
            Array.init 6 (fun i -> exp x[i] * x[i % 3]))
        case "a scalar and a matrix" six (fun x -> x[1] * matrix x) (fun x -> Array.map ((*) x[1]) x)
        case "a transpose and a matrix" six (fun x -> (matrix x).T * Tensor.reshape [ 3; 2 ] x) (fun x -> [|
            for i in 0..2 do
                for j in 0..1 do
                    x[j * 3 + i] * x[i * 2 + j]
        |])
        case
            "broadcastTo an explicit shape"
            [ 0.3; 0.9 ]
            (fun x -> Tensor.broadcastTo [ 3; 2 ] (x * x))
            (fun x -> Array.init 6 (fun i -> x[i % 2] * x[i % 2]))
        case "an operand of extent 0" [ 0.3; 0.9 ] (fun x -> x * like x (Tensor.zeros [ 0; 2 ])) (fun _ -> [||])
    ]

    let private reductions = [
        case "sum" six (fun x -> Tensor.sum (x * x)) (fun x -> [| total (Array.map (fun u -> u * u) x) |])
        case "sum of nothing" [] (fun x -> Tensor.sum (x * x)) (fun _ -> [| Series.Of 0.0 |])
        case "mean" six (fun x -> Tensor.mean (exp x)) (fun x -> [| total (Array.map exp x) / 6.0 |])
        case "sum along axis 0" six (fun x -> Tensor.sumAxis 0 (matrix (sin x))) (fun x ->
            Array.init 3 (fun j -> sin x[j] + sin x[j + 3]))
        case "sum along the last axis" six (fun x -> Tensor.sumAxis -1 (matrix (sin x))) (fun x ->
            Array.init 2 (fun i -> sin x[3 * i] + sin x[3 * i + 1] + sin x[3 * i + 2]))
        case "sum along two axes of three" twelve (fun x -> Tensor.sumAxes [ 0; 2 ] (cube (x * x))) (fun x ->
            Array.init 3 (fun j ->
                total (
                    seq {
                        for i in 0..1 do
                            for k in 0..1 do
                                let u = x[i * 6 + j * 2 + k]
                                u * u
                    }
                )))
        case "sum of a transpose" six (fun x -> Tensor.sumAxis 0 (matrix (x * x)).T) (fun x ->
            Array.init 2 (fun i -> total (seq { for j in 0..2 -> x[3 * i + j] * x[3 * i + j] })))
        case "mean along an axis" six (fun x -> Tensor.meanAxis 1 (matrix (x * x))) (fun x ->
            Array.init 2 (fun i -> total (seq { for j in 0..2 -> x[3 * i + j] * x[3 * i + j] }) / 3.0))
        case "max" six (fun x -> Tensor.max (sin x)) (fun x -> [|
            x |> Array.map sin |> Array.maxBy (fun u -> u[0])
        |])
        case "min" six (fun x -> Tensor.min (sin x)) (fun x -> [|
            x |> Array.map sin |> Array.minBy (fun u -> u[0])
        |])
        case "max along an axis" six (fun x -> Tensor.maxAxis 0 (matrix (sin x))) (fun x ->
            Array.init 3 (fun j -> Seq.maxBy (fun (u: Series) -> u[0]) [ sin x[j]; sin x[j + 3] ]))
        case "min along an axis" six (fun x -> Tensor.minAxis 1 (matrix (sin x))) (fun x ->
            Array.init 2 (fun i -> Seq.minBy (fun (u: Series) -> u[0]) [ for j in 0..2 -> sin x[3 * i + j] ]))
    ]

    let private squares (row: Series seq) = total (row |> Seq.map (fun u -> u * u))

    let private deviations (row: Series[]) =
        let mean = total row / float row.Length
        row |> Array.map (fun u -> u - mean)

    let private rows (x: Series[]) = [| x[..2]; x[3..5] |]

    let private columns (x: Series[]) =
        Array.init 3 (fun j -> [| x[j]; x[j + 3] |])

    let private times (row: Series seq) = Seq.fold (*) (Series.Of 1.0) row

    let private severalInOne = [
        case "norm" six (fun x -> Tensor.norm (matrix (sin x))) (fun x -> [|
            sqrt (squares (Array.map sin x))
        |])
        case
            "norm along axis 0"
            six
            (fun x -> Tensor.normAxis 0 (matrix x))
            (columns >> Array.map (squares >> sqrt))
        case
            "norm along the last axis"
            six
            (fun x -> Tensor.normAxis -1 (matrix x))
            (rows >> Array.map (squares >> sqrt))
        case "1-norm" six (Tensor.pNorm 1.0) (fun x -> [| total (Array.map abs x) |])
        case
            "norm of the largest size"
            six
            (fun x -> Tensor.pNormAxis infinity 1 (matrix x))
            (rows >> Array.map (Array.map abs >> Array.maxBy (fun u -> u[0])))
        case
            "3-norm along an axis"
            six
            (fun x -> Tensor.pNormAxis 3.0 1 (matrix x))
            (rows
             >> Array.map (fun row ->
                 exp (log (total (row |> Array.map (fun u -> Series.Power(abs u, 3.0)))) / 3.0)))
        case "2.5-norm" six (Tensor.pNorm 2.5) (fun x -> [|
            exp (log (total (x |> Array.map (fun u -> Series.Power(abs u, 2.5)))) / 2.5)
        |])
        case "product" six (fun x -> Tensor.prod (cos x)) (fun x -> [| times (Array.map cos x) |])
        case "product with a zero" [ 0.3; 0.0; -0.7; 1.9; -0.4 ] Tensor.prod (fun x -> [| times x |])
        case
            "product with zeros"
            [ 0.3; 0.0; -0.7; 0.0; -0.4; 0.0; 1.2 ]
            (fun x -> Tensor.prod (x * 2.0))
            (fun x -> [| times (x |> Array.map (fun u -> 2.0 * u)) |])
        case "product of nothing" [] Tensor.prod (fun _ -> [| Series.Of 1.0 |])
        case "product along axis 0" six (fun x -> Tensor.prodAxis 0 (matrix x)) (columns >> Array.map times)
        case
            "product along the last axis"
            six
            (fun x -> Tensor.prodAxis 1 (matrix x))
            (rows >> Array.map times)
        case
            "cumulative product with a zero"
            [ 0.3; 0.7; 0.0; 1.9; -0.4 ]
            (Tensor.cumulativeProduct 0)
            (Array.scan (*) (Series.Of 1.0) >> Array.tail)
        case
            "cumulative product along axis 1"
            six
            (fun x -> Tensor.cumulativeProduct 1 (matrix x))
            (rows >> Array.collect (Array.scan (*) (Series.Of 1.0) >> Array.tail))
        case "cumulative product along axis 0" six (fun x -> Tensor.cumulativeProduct 0 (matrix x)) (fun x ->
            Array.append x[..2] (Array.init 3 (fun j -> x[j] * x[j + 3])))
        case "variance" six (fun x -> Tensor.var (sin x)) (fun x -> [|
            squares (deviations (Array.map sin x)) / 6.0
        |])
        case
            "variance along an axis"
            six
            (fun x -> Tensor.varAxis 1 (matrix x))
            (rows >> Array.map (fun row -> squares (deviations row) / 3.0))
        case
            "sample variance along an axis"
            six
            (fun x -> Tensor.sampleVarAxis 0 (matrix x))
            (columns >> Array.map (deviations >> squares))
        case "sample variance" six Tensor.sampleVar (fun x -> [| squares (deviations x) / 5.0 |])
        case "standard deviation" six (fun x -> Tensor.std (sin x)) (fun x -> [|
            sqrt (squares (deviations (Array.map sin x)) / 6.0)
        |])
        case
            "standard deviation along an axis"
            six
            (fun x -> Tensor.stdAxis 1 (matrix x))
            (rows >> Array.map (fun row -> sqrt (squares (deviations row) / 3.0)))
        case "sample standard deviation" six Tensor.sampleStd (fun x -> [|
            sqrt (squares (deviations x) / 5.0)
        |])
        case
            "sample standard deviation along an axis"
            six
            (fun x -> Tensor.sampleStdAxis 0 (matrix x))
            (columns >> Array.map (deviations >> squares >> sqrt))
        case
            "logsumexp along axis 0"
            six
            (fun x -> Tensor.logsumexpAxis 0 (matrix x))
            (columns >> Array.map (fun column -> log (total (Array.map exp column))))
        case
            "a reduction that keeps its axis"
            six
            (fun x -> matrix x / Tensor.keepDim Tensor.normAxis 1 (matrix x))
            (rows
             >> Array.collect (fun row -> row |> Array.map (fun u -> u / sqrt (squares row))))
    ]

    let private ordering = [
        case "sort" six (fun x -> Tensor.sort 0 (sin x)) (Array.map sin >> Array.sortBy (fun u -> u[0]))
        case "sort along axis 0" six (fun x -> Tensor.sort 0 (matrix x)) (fun x ->
            let sorted = columns x |> Array.map (Array.sortBy (fun u -> u[0]))
            Array.init 6 (fun k -> sorted[k % 3][k / 3]))
        case
            "sort along the last axis, descending"
            six
            (fun x -> Tensor.reverse 1 (Tensor.sort 1 (matrix x)))
            (rows >> Array.collect (Array.sortBy (fun u -> -u[0])))
        case
            "entries by a column's own indices"
            six
            (fun x -> Tensor.takeAlong 1 (Tensor.argSort 1 (-(matrix x))) (matrix (x * x)))
            (rows
             >> Array.collect (Array.sortBy (fun u -> -u[0]) >> Array.map (fun u -> u * u)))
        case
            "the entry of an argMin"
            six
            (fun x -> Tensor.takeAlong 0 (Tensor.keepDim Tensor.argMin 0 x) (exp x))
            (fun x -> [| exp (Array.minBy (fun (u: Series) -> u[0]) x) |])
        case
            "split"
            six
            (fun x ->
                let parts = Tensor.split 1 [ 1; 2 ] (matrix x)
                parts[0] * parts[1])
            (rows >> Array.collect (fun row -> [| row[0] * row[1]; row[0] * row[2] |]))
        case "one-hot rows" [ 0.3; 1.2 ] (fun x -> Tensor.oneHot 3 (floor x) * x[0]) (fun x -> [|
            x[0]
            Series.Of 0.0
            Series.Of 0.0
            Series.Of 0.0
            x[0]
            Series.Of 0.0
        |])
        case
            "a slice of three axes"
            twelve
            (fun x -> (cube x)[0..1, 1..2, 1..1] * (cube x)[*, 0..1, 0..0])
            (fun x -> [|
                for i in 0..1 do
                    for j in 0..1 do
                        x[i * 6 + (j + 1) * 2 + 1] * x[i * 6 + j * 2]
            |])
        case
            "parts of a third axis"
            twelve
            (fun x ->
                let c = cube x

                Tensor.concat 0 [
                    c[1, 0, 0..1]
                    c[0..1, 2, 1]
                    c[1, 1..2, 0]
                    Tensor.flatten c[0, *, 1..1]
                    Tensor.flatten c[*, -1, *]
                    Tensor.flatten c[*, *, 0]
                    Tensor.reshape [ 1 ] c[-1, -1, -1]
                ])
            (fun x ->
                let at i j k = x[i * 6 + j * 2 + k]

                [|
                    at 1 0 0
                    at 1 0 1
                    at 0 2 1
                    at 1 2 1
                    at 1 1 0
                    at 1 2 0
                    at 0 0 1
                    at 0 1 1
                    at 0 2 1
                    at 0 2 0
                    at 0 2 1
                    at 1 2 0
                    at 1 2 1
                    for i in 0..1 do
                        for j in 0..2 do
                            at i j 0
                    at 1 2 1
                |])
        case
            "reshape with an open extent"
            six
            (fun x -> Tensor.reshape [ -1; 2 ] (x * x))
            (Array.map (fun u -> u * u))
        case
            "negative indices"
            six
            (fun x -> x[-1] * Tensor.gather 0 [ -6; -2 ] x + Tensor.slice 0 -3 2 x)
            (fun x -> [| x[5] * x[0] + x[3]; x[5] * x[4] + x[4] |])
    ]

    let private structure = [
        case "reshape" six (fun x -> Tensor.reshape [ 3; 2 ] (x * x)) (Array.map (fun u -> u * u))
        case "flatten of a transpose" six (fun x -> Tensor.flatten (matrix (x * x)).T) (fun x ->
            Array.init 6 (fun k -> x[(k % 2) * 3 + k / 2] * x[(k % 2) * 3 + k / 2]))
        case "permute" twelve (fun x -> Tensor.permute [ 2; 0; 1 ] (cube (sin x))) (fun x -> [|
            for k in 0..1 do
                for i in 0..1 do
                    for j in 0..2 do
                        sin x[i * 6 + j * 2 + k]
        |])
        case "slice" six (fun x -> Tensor.slice 0 2 3 (x * x)) (fun x -> Array.map (fun u -> u * u) x[2..4])
        case "slice of a transpose" six (fun x -> Tensor.slice 0 1 2 (matrix (x * x)).T) (fun x -> [|
            for j in 1..2 do
                for i in 0..1 do
                    x[3 * i + j] * x[3 * i + j]
        |])
        case
            "entries by index"
            six
            (fun x ->
                let m = matrix x
                let row = m[0]
                x[1] * m[1, 2] + row[2])
            (fun x -> [| x[1] * x[5] + x[2] |])
        case
            "slices by range"
            six
            (fun x ->
                let m = matrix x
                Tensor.flatten (m[0..1, 1..2] * m[1, 0..1]) + Tensor.flatten m[0..0, 0..0])
            (fun x -> [|
                for i in 0..1 do
                    for j in 0..1 do
                        x[3 * i + j + 1] * x[3 + j] + x[0]
            |])
        case
            "a column by range"
            six
            (fun x ->
                let m = matrix x
                m[0..1, 2] * x[0..1])
            (fun x -> [| x[2] * x[0]; x[5] * x[1] |])
        case "overlapping slices" six (fun x -> x[0..3] * x[2..5] + x[1..4]) (fun x ->
            Array.init 4 (fun i -> x[i] * x[i + 2] + x[i + 1]))
        case "slices that do not overlap" six (fun x -> exp x[0..1] * sin x[4..5]) (fun x ->
            Array.init 2 (fun i -> exp x[i] * sin x[i + 4]))
        case "pad" six (fun x -> Tensor.pad 1 1 2 (matrix (x * x))) (fun x -> [|
            for i in 0..1 do
                for j in -1 .. 4 do
                    if j < 0 || j > 2 then
                        Series.Of 0.0
                    else
                        x[3 * i + j] * x[3 * i + j]
        |])
        case
            "concat along axis 0 with a constant"
            six
            (fun x -> Tensor.concat 0 [ x[0..1] * x[2]; like x (Tensor.ones [ 2 ]); sin x ])
            (fun x -> [|
                x[0] * x[2]
                x[1] * x[2]
                Series.Of 1.0
                Series.Of 1.0
                yield! Array.map sin x
            |])
        case
            "concat along axis 1 with a constant first"
            six
            (fun x -> Tensor.concat 1 [ like x (Tensor.ones [ 2; 1 ]); matrix (x * x); matrix x ])
            (fun x -> [|
                for i in 0..1 do
                    Series.Of 1.0

                    for j in 0..2 do
                        x[3 * i + j] * x[3 * i + j]

                    for j in 0..2 do
                        x[3 * i + j]
            |])
        case "concat of one part twice" six (fun x -> Tensor.concat 0 [ sin x; sin x ]) (fun x ->
            Array.append (Array.map sin x) (Array.map sin x))
        case
            "concat inside a concat"
            six
            (fun x ->
                let s = sin x
                Tensor.concat 0 [ Tensor.concat 0 [ s; x ]; s * s ])
            (fun x -> Array.concat [ Array.map sin x; x; Array.map (fun u -> sin u * sin u) x ])
        case
            "concat with an empty part"
            six
            (fun x -> Tensor.concat 0 [ x[0..1]; like x (Tensor.zeros [ 0 ]); x * x ])
            (fun x -> Array.append x[0..1] (Array.map (fun u -> u * u) x))
        case
            "concat and stack of empty matrices"
            [ 0.3; 0.7 ]
            (fun x ->
                let empty = Tensor.reshape [ 2; 0 ] (Tensor.slice 0 0 0 x)
                Tensor.stack 0 [ Tensor.concat 0 [ empty; empty ]; Tensor.concat 0 [ empty; empty ] ])
            (fun _ -> [||])
        case
            "slice of an empty matrix"
            [ 0.3; 0.7 ]
            (fun x ->
                let empty = Tensor.reshape [ 3; 0 ] (Tensor.slice 0 0 0 x)
                Tensor.slice 0 2 1 empty)
            (fun _ -> [||])
        case
            "stack along a last axis"
            six
            (fun x -> Tensor.stack 1 [ x; x * x; like x (Tensor.ones [ 6 ]) ])
            (fun x -> [|
                for u in x do
                    u
                    u * u
                    Series.Of 1.0
            |])
        case
            "stack of scalars"
            six
            (fun x -> Tensor.stack 0 [ x[0] * x[1]; like x (Tensor.scalar 2.0); x[5] ])
            (fun x -> [| x[0] * x[1]; Series.Of 2.0; x[5] |])
        case "gather with repeated indices" six (fun x -> Tensor.gather 0 [ 1; 1; 5; 1; 0 ] (x * x)) (fun x ->
            [| 1; 1; 5; 1; 0 |] |> Array.map (fun i -> x[i] * x[i]))
        case "gather along axis 1" six (fun x -> Tensor.gather 1 [ 2; 0; 2 ] (matrix (sin x))) (fun x -> [|
            for i in 0..1 do
                for j in [ 2; 0; 2 ] do
                    sin x[3 * i + j]
        |])
        case "gather of nothing" six (fun x -> Tensor.gather 0 [] (x * x)) (fun _ -> [||])
        case "gather from a transpose" six (fun x -> Tensor.gather 0 [ 2; 2 ] (matrix (sin x)).T) (fun x -> [|
            for _ in 0..1 do
                sin x[2]
                sin x[5]
        |])
    ]

    let private systemMatrix (x: Series[]) n i j =
        x[i * n + j] + (if i = j then 3.0 else 0.0)

    let private products = [
        case
            "matmul"
            twelve
            (fun x ->
                Tensor.matmul
                    (matrix (Tensor.slice 0 0 6 x))
                    (Tensor.reshape [ 3; 2 ] (Tensor.slice 0 6 6 x)))
            (fun x -> product (2, 3, 2) (grid 3 x) (grid 2 x[6..]))
        case
            "matmul of a matrix with its transpose"
            six
            (fun x -> Tensor.matmul (matrix x) (matrix x).T)
            (fun x -> product (2, 3, 2) (grid 3 x) (fun l j -> grid 3 x j l))
        case
            "matmul of a matrix and a vector"
            (six @ [ 0.3; -0.2; 0.9 ])
            (fun x -> Tensor.matmul (matrix x[0..5]) x[6..8])
            (fun x -> product (2, 3, 1) (grid 3 x) (fun l _ -> x[6 + l]))
        case
            "matmul of a vector and a matrix"
            (six @ [ 0.3; -0.2 ])
            (fun x -> Tensor.matmul x[6..7] (matrix x[0..5]))
            (fun x -> product (1, 2, 3) (fun _ l -> x[6 + l]) (grid 3 x))
        case "matmul of two vectors" six (fun x -> Tensor.matmul x[0..2] x[3..5]) (fun x -> [|
            x[0] * x[3] + x[1] * x[4] + x[2] * x[5]
        |])
        case
            "matmul of two batches"
            (twelve @ twelve)
            (fun x ->
                Tensor.matmul
                    (cube (Tensor.slice 0 0 12 x))
                    (Tensor.transpose (cube (Tensor.slice 0 12 12 x))))
            (fun x ->
                Array.concat [
                    for b in 0..1 ->
                        product (3, 2, 3) (grid 2 x[6 * b ..]) (fun l j -> grid 2 x[12 + 6 * b ..] j l)
                ])
        case
            "matmul of a batch and one matrix"
            (twelve @ [ 0.3; -0.2; 0.9; 0.5 ])
            (fun x -> Tensor.matmul (cube (Tensor.slice 0 0 12 x)) (Tensor.reshape [ 2; 2 ] x[12..15]))
            (fun x ->
                Array.concat [ for b in 0..1 -> product (3, 2, 2) (grid 2 x[6 * b ..]) (grid 2 x[12..]) ])
        case
            "matmul over no columns"
            [ 0.3 ]
            (fun x -> Tensor.matmul (x * like x (Tensor.zeros [ 2; 0 ])) (x * like x (Tensor.zeros [ 0; 2 ])))
            (fun _ -> Array.create 4 (Series.Of 0.0))
        case "dot" six (fun x -> Tensor.dot x[0..2] x[3..5]) (fun x -> [|
            x[0] * x[3] + x[1] * x[4] + x[2] * x[5]
        |])
        case "outer" six (fun x -> Tensor.outer x[0..1] x[2..4]) (fun x -> [|
            for i in 0..1 do
                for j in 2..4 do
                    x[i] * x[j]
        |])
        case "trace" twelve (fun x -> Tensor.trace (Tensor.reshape [ 3; 3 ] (sin x[0..8]))) (fun x -> [|
            sin x[0] + sin x[4] + sin x[8]
        |])
        case
            "solve with a vector"
            twelve
            (fun x -> Tensor.solve (Tensor.reshape [ 3; 3 ] x[0..8] + like x (3.0 * Tensor.eye 3)) x[9..11])
            (fun x -> Series.Solve(Array2D.init 3 3 (systemMatrix x 3), x[9..11]))
        case
            "solve with a matrix"
            (six @ [ 0.3; -0.2; 0.4; 0.7 ])
            (fun x ->
                Tensor.solve
                    (Tensor.reshape [ 2; 2 ] x[0..3] + like x (3.0 * Tensor.eye 2))
                    (Tensor.reshape [ 2; 3 ] x[4..9]))
            (fun x ->
                let columns =
                    Array.init 3 (fun k ->
                        Series.Solve(Array2D.init 2 2 (systemMatrix x 2), [| x[4 + k]; x[7 + k] |]))

                [|
                    for i in 0..1 do
                        for k in 0..2 do
                            columns[k][i]
                |])
        case
            "solve of a batch"
            twelve
            (fun x ->
                Tensor.solve
                    (Tensor.reshape [ 2; 2; 2 ] x[0..7] + like x (3.0 * Tensor.eye 2))
                    (Tensor.reshape [ 2; 2; 1 ] x[8..11]))
            (fun x ->
                Array.concat [
                    for b in 0..1 ->
                        Series.Solve(
                            Array2D.init 2 2 (systemMatrix x[4 * b ..] 2),
                            x[8 + 2 * b .. 9 + 2 * b]
                        )
                ])
        case
            "solve with one unknown"
            [ 0.3; 0.7 ]
            (fun x -> Tensor.solve (Tensor.reshape [ 1; 1 ] x[0..0]) x[1..1])
            (fun x -> [| x[1] / x[0] |])
    ]

    let private logSumExp (row: Series seq) = log (total (Seq.map exp row))

    let private rowwise = [
        case "softmax of a vector" anywhere Tensor.softmax (fun x ->
            let weights = Array.map exp x
            weights |> Array.map (fun w -> w / total weights))
        case "softmax of rows" six (fun x -> Tensor.softmax (matrix (3.0 * x))) (fun x -> [|
            for i in 0..1 do
                let weights = x[3 * i .. 3 * i + 2] |> Array.map (fun u -> exp (3.0 * u))

                for w in weights do
                    w / total weights
        |])
        case "logsumexp of a vector" anywhere Tensor.logsumexp (fun x -> [| logSumExp x |])
        case "logsumexp of rows" six (fun x -> Tensor.logsumexp (matrix (3.0 * x))) (fun x ->
            Array.init 2 (fun i -> logSumExp (x[3 * i .. 3 * i + 2] |> Seq.map (fun u -> 3.0 * u))))
    ]

    let private determinant (n: int) (x: Series[]) : Series =
        let rec expand (rows: int list) (columns: int list) =
            match rows with
            | [] -> Series.Of 1.0
            | row :: rest ->
                columns
                |> List.mapi (fun k column ->
                    let minor = expand rest (List.except [ column ] columns)
                    let term = x[row * n + column] * minor
                    if k % 2 = 0 then term else -term)
                |> total

        expand [ 0 .. n - 1 ] [ 0 .. n - 1 ]

    let private nine = List.ofArray (Expect.numbers 3 9) |> List.map (fun v -> 2.0 * v)

    let private triangular name triangle (entry: (int -> int -> Series) -> int -> int -> Series) =
        case
            name
            (List.map (fun v -> if abs v < 0.5 then v + 1.0 else v) nine @ six)
            (fun x ->
                Tensor.triangularSolve
                    triangle
                    (Tensor.reshape [ 3; 3 ] x[..8])
                    (Tensor.reshape [ 3; 2 ] x[9..]))
            (fun x ->
                let matrix = Array2D.init 3 3 (entry (fun i j -> x[3 * i + j]))

                let columns =
                    Array.init 2 (fun k -> Series.Solve(matrix, Array.init 3 (fun i -> x[9 + 2 * i + k])))

                Array.init 6 (fun i -> columns[i % 2][i / 2]))

    let private below at i j =
        if i >= j then at i j else Series.Of 0.0

    let private above at i j =
        if i <= j then at i j else Series.Of 0.0

    let private eigenvalues2 (a: Series) (b: Series) (d: Series) =
        let half = (a - d) / 2.0
        let root = sqrt (half * half + b * b)
        [| (a + d) / 2.0 - root; (a + d) / 2.0 + root |]

    let private einsum text (a: int list) (b: int list) reference =
        let count = List.fold (*) 1
        let m, n = count a, count b

        case
            $"einsum {text}"
            (List.ofArray (Expect.numbers 4 (m + n)))
            (fun x -> Tensor.einsum text [ Tensor.reshape a x[.. m - 1]; Tensor.reshape b x[m..] ])
            reference

    let private matrices = [
        case "log-determinant" nine (fun x -> Tensor.logDeterminant (Tensor.reshape [ 3; 3 ] x)) (fun x -> [|
            log (abs (determinant 3 x))
        |])
        case
            "log-determinant of a batch, of either sign"
            [ 1.0; 2.0; 3.0; 4.0; 2.0; 0.5; -1.0; 0.3 ]
            (fun x -> Tensor.logDeterminant (Tensor.reshape [ 2; 2; 2 ] x))
            (fun x -> [| log (abs (determinant 2 x[..3])); log (abs (determinant 2 x[4..])) |])
        case
            "log-determinant of one number"
            [ -0.7 ]
            (fun x -> Tensor.logDeterminant (Tensor.reshape [ 1; 1 ] x))
            (fun x -> [| log (abs x[0]) |])
        case
            "sign of the determinant"
            nine
            (fun x -> x[0] * Tensor.signOfDeterminant (Tensor.reshape [ 3; 3 ] x))
            (fun x -> [| (if (determinant 3 x)[0] < 0.0 then -x[0] else x[0]) |])
        case
            "inverse"
            nine
            (fun x -> Tensor.inverse (Tensor.reshape [ 3; 3 ] x + like x (Tensor.eye 3)))
            (fun x ->
                let matrix =
                    Array2D.init 3 3 (fun i j -> if i = j then x[4 * i] + 1.0 else x[3 * i + j])

                let column k =
                    Series.Solve(matrix, Array.init 3 (fun i -> Series.Of(if i = k then 1.0 else 0.0)))

                let columns = Array.init 3 column
                Array.init 9 (fun i -> columns[i % 3][i / 3]))
        case "determinant" nine (fun x -> Tensor.det (Tensor.reshape [ 3; 3 ] x)) (fun x -> [|
            determinant 3 x
        |])
        case
            "determinant of a batch"
            [ 1.0; 2.0; 3.0; 4.0; 2.0; 0.5; -1.0; 0.3 ]
            (fun x -> Tensor.det (Tensor.reshape [ 2; 2; 2 ] x))
            (fun x -> [| determinant 2 x[..3]; determinant 2 x[4..] |])
        case
            "determinant of a matrix of rank 2"
            [ 1.0; 2.0; 3.0; 2.0; 1.0; 1.0; 3.0; 3.0; 4.0 ]
            (fun x -> Tensor.det (Tensor.reshape [ 3; 3 ] x))
            (fun x -> [| determinant 3 x |])
        case
            "determinant of a matrix of rank 1"
            [ 1.0; 2.0; 3.0; 2.0; 4.0; 6.0; -1.0; -2.0; -3.0 ]
            (fun x -> Tensor.det (Tensor.reshape [ 3; 3 ] x))
            (fun x -> [| determinant 3 x |])
        case
            "determinant of zeros"
            (List.replicate 9 0.0)
            (fun x -> Tensor.det (Tensor.reshape [ 3; 3 ] x))
            (fun x -> [| determinant 3 x |])
        case
            "determinant of four rows"
            ([ 1.0; 2.0; 3.0; 2.0 ] @ twelve)
            (fun x -> Tensor.det (Tensor.reshape [ 4; 4 ] x))
            (fun x -> [| determinant 4 x |])
        case
            "determinant of one number"
            [ -0.7 ]
            (fun x -> Tensor.det (Tensor.reshape [ 1; 1 ] (x * x)))
            (fun x -> [| x[0] * x[0] |])
        case
            "eigenvalues of two rows"
            [ 0.7; 0.4; -0.3 ]
            (fun x ->
                Tensor.symmetricEigenvalues (Tensor.reshape [ 2; 2 ] (Tensor.gather 0 [ 0; 1; 1; 2 ] x)))
            (fun x -> eigenvalues2 x[0] x[1] x[2])
        case
            "eigenvalues of a batch"
            [ 0.7; 0.4; -0.3; 2.0; 0.5; 1.0 ]
            (fun x ->
                Tensor.symmetricEigenvalues (
                    Tensor.reshape [ 2; 2; 2 ] (Tensor.gather 0 [ 0; 1; 1; 2; 3; 4; 4; 5 ] x)
                ))
            (fun x -> Array.append (eigenvalues2 x[0] x[1] x[2]) (eigenvalues2 x[3] x[4] x[5]))
        case
            "projection on an eigenvector"
            [ 0.7; 0.4; -0.3 ]
            (fun x ->
                let _, v =
                    Tensor.symmetricEigen (Tensor.reshape [ 2; 2 ] (Tensor.gather 0 [ 0; 1; 1; 2 ] x))

                Tensor.matmul v[*, 1..1] v[*, 1..1].T)
            (fun x ->
                // (A − λ₁ I) / (λ₂ − λ₁).
                let l = eigenvalues2 x[0] x[1] x[2]
                let gap = l[1] - l[0]
                [| (x[0] - l[0]) / gap; x[1] / gap; x[1] / gap; (x[2] - l[0]) / gap |])
        case
            "powers of three rows by eigenvalues"
            [ 2.0; 0.3; -0.2; 1.0; 0.4; 3.0 ]
            (fun x ->
                let l, v =
                    Tensor.symmetricEigen (
                        Tensor.reshape [ 3; 3 ] (Tensor.gather 0 [ 0; 1; 2; 1; 3; 4; 2; 4; 5 ] x)
                    )

                Tensor.matmul (v * (l * l)) v.T)
            (fun x ->
                let a i j =
                    x[[| 0; 1; 2; 1; 3; 4; 2; 4; 5 |][3 * i + j]]

                product (3, 3, 3) a a)
        case
            "singular values of two rows"
            [ 1.0; 0.4; -0.3; 2.0 ]
            (fun x -> Tensor.singularValues (Tensor.reshape [ 2; 2 ] x))
            (fun x ->
                let a, b, d =
                    x[0] * x[0] + x[1] * x[1], x[0] * x[2] + x[1] * x[3], x[2] * x[2] + x[3] * x[3]

                eigenvalues2 a b d |> Array.rev |> Array.map sqrt)
        case
            "singular values of a wide matrix"
            [ 1.0; 0.4; -0.3; 2.0; 0.5; 0.1 ]
            (fun x -> Tensor.singularValues (matrix x))
            (fun x ->
                let a = squares x[..2]
                let d = squares x[3..5]
                let b = total (Seq.map2 (*) x[..2] x[3..5])
                eigenvalues2 a b d |> Array.rev |> Array.map sqrt)
        case
            "diagonal matrix and diagonal"
            six
            (fun x -> Tensor.matmul (Tensor.diag x[..2]) (Tensor.diag (Tensor.diag x[3..])))
            (fun x -> [| x[0]; x[1]; x[2] |] |> Array.mapi (fun i u -> u * x[3 + i]))
        case
            "triangles"
            nine
            (fun x ->
                let m = Tensor.reshape [ 3; 3 ] x
                Tensor.tril m * (Tensor.triu m).T)
            (fun x -> [|
                for i in 0..2 do
                    for j in 0..2 do
                        if i >= j then
                            x[3 * i + j] * x[3 * j + i]
                        else
                            Series.Of 0.0
            |])
        case
            "Kronecker product"
            (six @ [ 0.3; -0.2 ])
            (fun x -> Tensor.kron (matrix x[..5]) (Tensor.reshape [ 2; 1 ] x[6..]))
            (fun x -> [|
                for i in 0..1 do
                    for p in 0..1 do
                        for j in 0..2 do
                            x[3 * i + j] * x[6 + p]
            |])
        case
            "solve of a batch of vectors"
            twelve
            (fun x ->
                Tensor.solve
                    (Tensor.reshape [ 2; 2; 2 ] x[0..7] + like x (3.0 * Tensor.eye 2))
                    (Tensor.reshape [ 2; 2 ] x[8..11]))
            (fun x ->
                Array.concat [
                    for b in 0..1 ->
                        Series.Solve(
                            Array2D.init 2 2 (systemMatrix x[4 * b ..] 2),
                            x[8 + 2 * b .. 9 + 2 * b]
                        )
                ])
        einsum "ij,jk->ik" [ 2; 3 ] [ 3; 2 ] (fun x -> product (2, 3, 2) (grid 3 x) (grid 2 x[6..]))
        einsum "ij,jk" [ 2; 3 ] [ 3; 2 ] (fun x -> product (2, 3, 2) (grid 3 x) (grid 2 x[6..]))
        einsum "bij,bj->bi" [ 2; 2; 2 ] [ 2; 2 ] (fun x -> [|
            for b in 0..1 do
                for i in 0..1 do
                    x[4 * b + 2 * i] * x[8 + 2 * b] + x[4 * b + 2 * i + 1] * x[9 + 2 * b]
        |])
        einsum "i,j->ji" [ 2 ] [ 3 ] (fun x -> [|
            for j in 0..2 do
                for i in 0..1 do
                    x[i] * x[2 + j]
        |])
        einsum "ij,ij->" [ 2; 3 ] [ 2; 3 ] (fun x -> [| total (Seq.map2 (*) x[..5] x[6..]) |])
        einsum "ii,k->i" [ 2; 2 ] [ 2 ] (fun x -> [| x[0] * (x[4] + x[5]); x[3] * (x[4] + x[5]) |])
        case
            "einsum of three operands"
            twelve
            (fun x ->
                Tensor.einsum "i,ij,jk->k" [
                    x[..1]
                    Tensor.reshape [ 2; 2 ] x[2..5]
                    Tensor.reshape [ 2; 3 ] x[6..]
                ])
            (fun x -> [|
                for k in 0..2 do
                    total (
                        seq {
                            for i in 0..1 do
                                for j in 0..1 -> x[i] * x[2 + 2 * i + j] * x[6 + 3 * j + k]
                        }
                    )
            |])
        triangular "triangular solve" Triangle.Lower below
        triangular "triangular solve of a transpose" Triangle.LowerTransposed (fun at i j -> below at j i)
        triangular "upper triangular solve" Triangle.Upper above
        triangular "upper triangular solve of a transpose" Triangle.UpperTransposed (fun at i j ->
            above at j i)
    ]

    let private softSign =
        CustomOp.elementwise "softSign" (fun x -> x / (1.0 + abs x)) (fun x -> (1.0 + abs x) ** -2)

    /// An op whose derivative is the op itself.
    type private Growth() =
        static let op = CustomOp.elementwise "growth" Math.Exp Growth.Of
        static member Of(x: Tensor) : Tensor = op x

    let private hypotenuse =
        CustomOp.elementwise2 "hypotenuse" (fun a b -> sqrt (a * a + b * b)) (fun a b ->
            let c = sqrt (a * a + b * b)
            a / c, b / c)

    let private doubling =
        CustomOp.elementwise "doubling" (fun x -> 2.0 * x) (fun x -> Tensor.cast x.DType (Tensor.scalar 2.0))

    let private weightedExponentials =
        CustomOp.ofArrays
            "weightedExponentials"
            (fun _ -> [||])
            (ArrayKernel(fun x y ->
                y[0] <- 0.0

                for i in 0 .. x[0].Length - 1 do
                    y[0] <- y[0] + x[0][i] * exp (x[1][i])))
            (fun x _ ct -> [| ct * exp x[1]; ct * x[0] * exp x[1] |])

    /// y of shape [3] from x of shape [2]: yⱼ = Σ (i + 2 j + 1) xᵢ.
    let private weights =
        CustomOp.linear
            "weights"
            (fun _ -> [| 3 |])
            (ArrayKernel(fun x y ->
                for j in 0..2 do
                    y[j] <- x[0][0] * float (2 * j + 1) + x[0][1] * float (2 * j + 2)))
            (ArrayKernel(fun w x ->
                for i in 0..1 do
                    x[i] <- 0.0

                    for j in 0..2 do
                        x[i] <- x[i] + w[0][j] * float (i + 2 * j + 1)))

    let private inDouble (f: Tensor -> Tensor) (x: Tensor) =
        Tensor.cast x.DType (f (Tensor.cast DType.Float64 x))

    let private custom = [
        each "an op of one's own" anywhere (fun x -> softSign (x * x)) (fun u -> u * u / (1.0 + u * u))
        each "an op that is its own derivative" anywhere Growth.Of exp
        each "an op with a constant derivative" anywhere (fun x -> doubling (sin x)) (fun u -> 2.0 * sin u)
        both "an op of one's own on two operands" two hypotenuse (fun a b -> sqrt (a * a + b * b))
        case "an op of one's own on a matrix and a row" six (fun x -> hypotenuse (matrix x) x[3..5]) (fun x ->
            Array.init 6 (fun i -> sqrt (x[i] * x[i] + x[3 + i % 3] * x[3 + i % 3])))
        case
            "an op of one's own on arrays"
            six
            (inDouble (fun x -> sin (weightedExponentials [| x[..2]; x[3..] * x[0] |])))
            (fun x -> [| sin (total (seq { for i in 0..2 -> x[i] * exp (x[3 + i] * x[0]) })) |])
        case "a linear op of one's own" [ 0.4; -0.9 ] (inDouble (fun x -> weights (x * x))) (fun x ->
            Array.init 3 (fun j -> x[0] * x[0] * float (2 * j + 1) + x[1] * x[1] * float (2 * j + 2)))
    ]

    /// s after n steps.
    let rec private iterate n (step: 'state -> 'state) (s: 'state) =
        if n = 0 then s else iterate (n - 1) step (step s)

    let private loops = [
        case "a loop" [ 0.3; -0.7; 0.9 ] (fun x -> Loop.scan 4 (fun s -> sin s + x[0] * s * s) x) (fun x ->
            iterate 4 (Array.map (fun s -> sin s + x[0] * s * s)) x)
        case
            "a loop of three steps that mixes entries by a matrix"
            (six @ [ 0.2; -0.1; 0.4 ])
            (fun x ->
                let m = Tensor.reshape [ 3; 3 ] x

                Loop.scan 3 (fun s -> tanh (Tensor.matmul m s) + s) x[0..2])
            (fun x ->
                let tanh (u: Series) =
                    let e = exp (2.0 * u)
                    (e - 1.0) / (e + 1.0)

                iterate
                    3
                    (fun s ->
                        Array.map2
                            (fun a s -> tanh a + s)
                            (product (3, 3, 1) (grid 3 x) (fun l _ -> s[l]))
                            s)
                    x[..2])
        case
            "the outputs of a loop over inputs"
            six
            (fun x ->
                Loop.collectOver (matrix x) (fun s row -> s * x[1] + row * row, s * row) (sin x[0..2])
                |> snd)
            (fun x ->
                let row k = x[3 * k .. 3 * k + 2]
                let start = Array.map sin x[..2]

                let next =
                    Array.map2 (fun (s: Series) (r: Series) -> s * x[1] + r * r) start (row 0)

                Array.append (Array.map2 (*) start (row 0)) (Array.map2 (*) next (row 1)))
        case
            "a loop in segments, of a pair"
            [ 0.3; -0.7; 0.9 ]
            (fun x ->
                let last, outputs =
                    Loop.scanN
                        (Checkpoints.Every 2)
                        5
                        [| Tensor.stack 0 [ x[0]; x[1]; x[2]; x[0]; x[1] ] |]
                        (fun k s row ->
                            [| s[0] * x[0] + s[1]; sin (s[1] + row[0]) + 0.1 * k |], [| s[0] * s[1] |])
                        [| x[1]; x[2] |]

                Tensor.concat 0 [ Tensor.stack 0 (List.ofArray last); outputs[0] ])
            (fun x ->
                let rows = [| x[0]; x[1]; x[2]; x[0]; x[1] |]
                let mutable a, b = x[1], x[2]

                let outputs = [|
                    for k in 0..4 do
                        a * b
                        let next = a * x[0] + b
                        b <- sin (b + rows[k]) + 0.1 * float k
                        a <- next
                |]

                Array.append [| a; b |] outputs)
        case
            "a loop in a loop"
            [ 0.3; -0.7 ]
            (fun x -> Loop.scan 3 (fun s -> Loop.scan 2 (fun t -> sin t + x[1] * s) s + x) x)
            (fun x ->
                let inner (s: Series) = iterate 2 (fun t -> sin t + x[1] * s) s

                iterate 3 (Array.mapi (fun i s -> inner s + x[i])) x)
        case
            "a loop until a condition"
            [ 0.3; 0.7; 1.9 ]
            (fun x ->
                Loop.until
                    (fun s -> Tensor.less (like x (Tensor.scalar 20.0)) (Tensor.max s))
                    50
                    (fun s -> s * (1.0 + s * x[0]))
                    x)
            (fun x ->
                let rec run (s: Series[]) =
                    if Array.exists (fun (s: Series) -> s[0] > 20.0) s then
                        s
                    else
                        run (s |> Array.map (fun s -> s * (1.0 + s * x[0])))

                run x)
        case
            "a loop of both number types"
            [ 0.5; 0.25 ]
            (fun x ->
                let last, _ =
                    Loop.scanN
                        Checkpoints.Auto
                        2
                        [||]
                        (fun _ s _ ->
                            [| s[0] * s[0]; s[1] + Tensor.cast DType.Float32 (Tensor.ones [ 2 ]) |], [||])
                        [| x; Tensor.cast DType.Float32 (Tensor.zeros [ 2 ]) |]

                last[0] + Tensor.cast x.DType last[1])
            (Array.map (fun s -> s * s * s * s + 2.0))
    ]

    let all =
        [
            loops
            matrices
            custom
            elementwise
            broadcasting
            reductions
            severalInOne
            ordering
            structure
            products
            rowwise
        ]
        |> List.concat
