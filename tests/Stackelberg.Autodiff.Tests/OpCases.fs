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

    let all =
        [
            matrices
            custom
            elementwise
            broadcasting
            reductions
            structure
            products
            rowwise
        ]
        |> List.concat
