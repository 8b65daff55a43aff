/// What a selection left out has no part in any derivative, whatever stands between the selection and what is infinite
/// there: derivatives at a point where an unchosen value has none equal those at a point where it has.
module Stackelberg.Autodiff.Tests.SelectionTests

open System
open FsCheck
open FsCheck.FSharp
open Stackelberg
open Stackelberg.Kernels
open Xunit

let private like (x: Tensor) t = Tensor.cast x.DType t
let private constant (x: Tensor) shape values = like x (Expect.ofShape shape values)
let private square = Tensor.reshape [ 2; 2 ]
let private images = Tensor.reshape [ 2; 1; 2; 1 ]

let private weights (x: Tensor) shape =
    like x (Tensor.reshape shape (Tensor.ofArray (Expect.numbers 5 (List.fold (*) 1 shape))))

let private cg = {
    Method = LinearMethod.ConjugateGradient
    Tolerance = 1e-14
    MaxIterations = 100
    WarmStart = false
}

/// Functions of four numbers; some entries of each result do not depend on the first number.
let private structures: (string * (Tensor -> Tensor)) list = [
    "nothing", id
    "reshape", square
    "transpose", (fun r -> (square r).T)
    "permute", (fun r -> Tensor.permute [ 2; 0; 1 ] (Tensor.reshape [ 2; 1; 2 ] r))
    "broadcast", (fun r -> Tensor.broadcastTo [ 4; 3 ] (Tensor.reshape [ 4; 1 ] r))
    "slice", (fun r -> r[0..2])
    "pad", (fun r -> Tensor.pad 0 1 2 r)
    "concat", (fun r -> Tensor.concat 0 [ r[2..3]; r; r * r ])
    "stack", (fun r -> Tensor.stack 1 [ r; r * 2.0 ])
    "gather", (fun r -> Tensor.gather 0 [ 3; 0; 1; 3; 0 ] r)
    "sum over an axis", (fun r -> Tensor.sumAxis 1 (square r))
    "mean over an axis", (fun r -> Tensor.meanAxis 0 (square r))
    "largest over an axis", (fun r -> Tensor.maxAxis 1 (square r))
    "running sums", (fun r -> Tensor.cumulativeSum 0 (Tensor.gather 0 [ 3; 2; 1; 0 ] r))
    "product with a matrix", (fun r -> Tensor.matmul (square r) (weights r [ 2; 3 ]))
    "matrix times", (fun r -> Tensor.matmul (weights r [ 3; 2 ]) (square r))
    "rows times vectors", (fun r -> Tensor.matmul (square r) (weights r [ 2 ]))
    "product with itself", (fun r -> Tensor.matmul (square r) (square r).T)
    "a batch of products", (fun r -> Tensor.matmul (Tensor.reshape [ 2; 1; 2 ] r) (weights r [ 2; 2; 2 ]))
    "outer product", (fun r -> Tensor.outer r r)
    "dots", (fun r -> Tensor.stack 0 [ Tensor.dot r[0..1] r[2..3]; Tensor.dot r[2..3] r[2..3] ])
    "convolution", (fun r -> Layer.conv2d 1 1 (weights r [ 2; 2; 1; 3 ]) (images r))
    "transposed convolution", (fun r -> Layer.convTranspose2d 2 0 0 (weights r [ 2; 2; 3; 1 ]) (images r))
    "convolution of weights",
    (fun r -> Layer.conv2d 1 0 (Tensor.reshape [ 1; 2; 1; 2 ] r) (weights r [ 2; 1; 3; 1 ]))
    "means over windows", (fun r -> Layer.averagePool2d 1 1 0 (Tensor.reshape [ 1; 2; 2; 1 ] r))
    "windows with gaps", (fun r -> Layer.averagePool2d 1 2 0 (Tensor.reshape [ 1; 1; 4; 1 ] r))
    "largest of windows", (fun r -> Layer.maxPool2d 2 1 1 (Tensor.reshape [ 1; 2; 2; 1 ] r))
    "solves' right sides", (fun r -> Tensor.solve (constant r [ 2; 2 ] [ 2.0; 1.0; 0.5; 3.0 ]) (square r))
    "triangular solves",
    (fun r -> Tensor.triangularSolve Triangle.Lower (constant r [ 2; 2 ] [ 2.0; 0.0; 1.0; 3.0 ]) (square r))
    "solves by products",
    (fun r ->
        let one (b: Tensor) =
            LinearSolve.solve cg (fun v -> 3.0 * v + Tensor.broadcastTo [ 2 ] (Tensor.sum v)) b

        Tensor.stack 0 [ one r[0..1]; one r[2..3] ])
    "a batch of functions", Diff.vmap (fun r -> r * r + r) << Tensor.reshape [ 4; 1 ]
    "a batch of products by vmap",
    (fun r -> Diff.vmap (fun row -> Tensor.matmul (weights r [ 3; 2 ]) row) (square r))
    "a loop's state", Loop.scan 3 (fun s -> 0.5 * s + 0.1 * s * s)
    "a loop that moves entries",
    Loop.scan 2 (fun s -> Tensor.concat 0 [ s[1..3]; 2.0 * Tensor.slice 0 0 1 s ])
    "what a loop uses", (fun r -> Loop.scan 2 (fun s -> s * r + r) (like r (Tensor.zeros [ 4 ])))
    "a loop's inputs",
    (fun r -> Loop.scanOver (square r) (fun s row -> s * row + row) (like r (Tensor.ones [ 2 ])))
    "a loop's outputs", (fun r -> Loop.collect 3 (fun s -> 0.5 * s, s * s) r |> snd)
    "a loop's outputs by input",
    (fun r ->
        Loop.collectOver (square r) (fun s row -> s, row * row) (like r (Tensor.zeros [ 2 ]))
        |> snd)
    "a loop in segments",
    (fun r ->
        Loop.scanN (Checkpoints.Every 2) 3 [||] (fun _ s _ -> [| 0.5 * s[0] + r |], [||]) [| r |]
        |> fst
        |> Array.head)
    "a loop until a condition",
    (fun r -> Loop.until (fun s -> Tensor.less (like s (Tensor.scalar 50.0)) s[3]) 9 (fun s -> 2.0 * s) r)
    "a chain", (fun r -> Tensor.sumAxis 0 (Tensor.broadcastTo [ 3; 2; 2 ] (square r)).T)
    "a derivative", (fun r -> Diff.grad (fun r -> Tensor.sum (r * r * r)) r)
]

/// Functions without a finite derivative at 0.
let private edges: (string * (Tensor -> Tensor)) list = [
    "sqrt", sqrt
    "log", log
    "a quotient", (fun x -> 1.0 / x)
    "a power", (fun x -> x ** 0.3)
    "a product with NaN", (fun x -> x * (1.0 + 0.0 * log x))
    "arcsin", (fun x -> asin (1.0 - x / 16.0))
    "0 times infinity", (fun x -> exp (-1.0 / x) * sqrt x)
    "two of them", (fun x -> sqrt (sqrt x))
    "two of them in a loop", Loop.scan 2 sqrt
]

/// After the selection.
let private ends: (string * (Tensor -> Tensor)) list = [
    "a weighted sum", id
    "a chain of functions", (fun y -> tanh (y * y))
    "a product", (fun y -> Tensor.matmul (Tensor.flatten y) (Tensor.flatten y))
]

/// 1 where the structure's entry does not depend on the first number, beside these others.
let private independent others (structure: Tensor -> Tensor) =
    let at first =
        (structure (Expect.vector (first :: others))).ToArray()

    let shape = (structure (Tensor.ones [ 4 ])).Shape
    // The largest of a window may be another entry.
    let found = List.map at [ 0.0; 0.25; 0.5; 9.0 ]

    Expect.ofShape (List.ofArray shape) [
        for i in 0 .. found[0].Length - 1 do
            if List.forall (fun (other: float[]) -> other[i] = found[0][i]) found then
                1.0
            else
                0.0
    ]

let private chosenAmong others structure edge finish : Tensor -> Tensor =
    let mask = independent others structure

    fun x ->
        let y = structure (edge x)
        let zero = like x (Tensor.scalar 0.0)
        let y = finish (Tensor.where (like x mask) y zero)
        Tensor.sum (y * weights y (List.ofArray y.Shape))

let private chosen structure = chosenAmong [ 1.5; 0.5; 2.5 ] structure

let private ones = Tensor.ones [ 4 ]

/// Derivatives, forward and reverse, of orders 1 to 3.
let private derivatives: (string * ((Tensor -> Tensor) -> Tensor -> Tensor)) list =
    let along f x = Diff.gradv f x (like x ones)
    let slope f x = Tensor.sum (Diff.grad f x)

    [
        "reverse", Diff.grad
        "forward", along
        "forward of reverse", (fun f -> Diff.hessianv f |> fun h x -> h x (like x ones))
        "reverse of reverse", (fun f -> Diff.grad (slope f))
        "reverse of forward", (fun f -> Diff.grad (along f))
        "forward of forward", (fun f -> along (along f))
        "reverse of reverse of forward", (fun f -> Diff.grad (slope (along f)))
        "forward of reverse of reverse", (fun f -> along (slope (slope f)))
    ]

let structureNames =
    structures
    |> List.map (fun (name, _) -> TheoryDataRow<string>(name))
    |> Array.ofList

let private at first = Expect.vector [ first; 4.0; 1.0; 9.0 ]

/// The same but for rounding, which may differ by the order of sums.
let private same (epsilon: float) what (expected: Tensor) (found: Tensor) =
    let expected, found = expected.ToArray(), found.ToArray()
    let scale = 1.0 + Seq.max (Seq.append [ 0.0 ] (Seq.map abs expected))

    if not (Seq.forall2 (fun e f -> abs (e - f) <= epsilon * scale) expected found) then
        failwith $"{what}: %A{found}, but %A{expected} is right"

let private structureOf name =
    structures |> List.find (fun (other, _) -> other = name) |> snd

let private check (structure: Tensor -> Tensor) dtype epsilon wrap =
    for edge, f in edges do
        for finish, g in ends do
            let f = chosen structure f g

            for order, derivative in derivatives do
                let derived = wrap (derivative f)
                let value x = derivative f (Tensor.cast dtype (at x))
                let found: Tensor = derived (Tensor.cast dtype (at 0.0))
                same epsilon $"{edge}, then {finish}, {order}" (value 0.25) found

                // Without any influence its derivative is zero, not small.
                if order = "reverse" then
                    Assert.Equal(0.0, found.ToArray()[0])

[<Theory; MemberData(nameof structureNames)>]
let ``what was not chosen has no part in derivatives`` (name: string) =
    check (structureOf name) DType.Float64 1e-11 id

[<Theory; MemberData(nameof structureNames)>]
let ``what was not chosen has no part in compiled derivatives of float32`` (name: string) =
    let structure = structureOf name

    for edge, f in edges[0..1] do
        for order, derivative in derivatives[0..3] do
            let f = chosen structure f id
            let x v = Tensor.cast DType.Float32 (at v)

            same
                2e-5
                $"{edge} behind {name}, {order}"
                (derivative f (x 0.25))
                (Diff.jit (derivative f) (x 0.0))

            same
                1e-11
                $"{edge} behind {name}, {order}"
                (derivative f (at 0.25))
                (Diff.jit (derivative f) (at 0.0))

/// Functions of a tensor that holds an infinity or NaN, which nothing chosen depends on, and of the point.
let private partners: (string * int list * (Tensor -> Tensor -> Tensor)) list = [
    "a matrix's row", [ 2; 4 ], (fun m x -> (Tensor.matmul m x)[1])
    "a matrix's row, not chosen",
    [ 2; 4 ],
    (fun m x -> Tensor.where (constant x [ 2 ] [ 0.0; 1.0 ]) (Tensor.matmul m x) (like x (Tensor.scalar 0.0)))
    "a matrix's row times a matrix", [ 2; 2 ], (fun m x -> Tensor.slice 0 1 1 (Tensor.matmul m (square x)))
    "a column of a batch", [ 2; 2; 2 ], (fun m x -> Tensor.slice 0 1 1 (Tensor.matmul m (square x)))
    "scattered choices of a product",
    [ 2; 2 ],
    (fun m x ->
        let y = Tensor.matmul m (square x)
        Tensor.where (constant x [ 2; 2 ] [ 0.0; 0.0; 1.0; 0.0 ]) y (like x (Tensor.scalar 0.0)))
    "a factor", [ 4 ], (fun m x -> (m * x)[1..])
    "a factor, gathered", [ 4 ], (fun m x -> Tensor.gather 0 [ 3; 1; 1 ] (m * x))
    "weights of a filter",
    [ 1; 1; 1; 2 ],
    (fun m x -> Tensor.slice 3 1 1 (Layer.conv2d 1 0 m (Tensor.reshape [ 1; 2; 2; 1 ] x)))
    "an image",
    [ 2; 2; 2; 1 ],
    (fun m x -> Tensor.slice 0 1 1 (Layer.conv2d 1 0 (Tensor.reshape [ 2; 2; 1; 1 ] x) m))
    "a pixel",
    [ 1; 2; 2; 1 ],
    (fun m x ->
        let y = Layer.conv2d 1 0 (Tensor.reshape [ 1; 1; 1; 4 ] x) m
        Tensor.slice 1 1 1 y)
    "an image of transposed weights",
    [ 2; 1; 1; 1 ],
    (fun m x -> Tensor.slice 0 1 1 (Layer.convTranspose2d 1 0 0 (Tensor.reshape [ 2; 2; 1; 1 ] x) m))
]

[<Fact>]
let ``infinities and NaN of the other operand do not come back from what was not chosen`` () =
    let x = at 1.0

    for name, shape, f in partners do
        let count = List.fold (*) 1 shape

        let weighted (first: float) x =
            let m =
                Tensor.reshape
                    shape
                    (Tensor.ofArray (Array.append [| first |] (Expect.numbers 8 (count - 1))))

            let y = f m x
            tanh (Tensor.sum (y * weights y (List.ofArray y.Shape)))

        for order, derivative in derivatives do
            let right = derivative (weighted 1.0) x

            for bad in [ nan; infinity; -infinity ] do
                same 1e-12 $"{bad} in {name}, {order}" right (derivative (weighted bad) x)

                same
                    1e-12
                    $"{bad} in {name}, {order}, compiled"
                    right
                    (Diff.jit (derivative (weighted bad)) x)

[<Fact>]
let ``where keeps its promise behind reshapes, transposes, broadcasts and slices`` () =
    let positive (x: Tensor) = Tensor.greater x (Tensor.scalar 0.0)
    let zero = Tensor.scalar 0.0

    for f, right in
        [
            (fun x -> Tensor.where (positive x) (sqrt x) zero), [ 0.0; 0.25; 0.5; 1.0 / 6.0 ]
            (fun x -> Tensor.where (positive (square x)) (square (sqrt x)) zero),
            [ 0.0; 0.25; 0.5; 1.0 / 6.0 ]
            (fun x -> Tensor.where (positive (square x).T) (square (sqrt x)).T zero),
            [ 0.0; 0.25; 0.5; 1.0 / 6.0 ]
            (fun x ->
                let columns = Tensor.reshape [ 4; 1 ]
                Tensor.where (positive (columns x)) (Tensor.broadcastTo [ 4; 3 ] (columns (sqrt x))) zero),
            [ 0.0; 0.75; 1.5; 0.5 ]
            (fun x ->
                let roots = sqrt x
                Tensor.where (positive x[0..1]) roots[0..1] zero),
            [ 0.0; 0.25; 0.0; 0.0 ]
        ] do
        let gradient = Diff.grad (fun x -> Tensor.sum (f x))
        Expect.near 1e-15 right (gradient (at 0.0))
        Expect.near 1e-15 right (Diff.jit gradient (at 0.0))

[<Fact>]
let ``a selection needs no where`` () =
    let gradient f =
        (Diff.grad (fun x -> Tensor.sum (f x)) (Expect.vector [ 0.0; 4.0; 1.0; 9.0 ]))

    Expect.exactly [ 0.0; 0.25; 0.5; 0.0 ] (gradient (fun x -> (sqrt x)[1..2]))
    Expect.exactly [ 0.0; 0.25; 0.0; 1.0 / 6.0 ] (gradient (fun x -> Tensor.gather 0 [ 1; 3 ] (sqrt x)))
    Expect.exactly [ 0.0; 0.0; 0.0; 1.0 / 6.0 ] (gradient (fun x -> Tensor.max (sqrt x)))
    Expect.exactly [ 0.0; 0.25; 0.0; 1.0 / 6.0 ] (gradient (fun x -> Tensor.maxAxis 1 (square (sqrt x))))

    Expect.exactly
        [ 0.0; 0.25; 0.5; 1.0 / 6.0 ]
        (gradient (fun x -> Tensor.maximum (sqrt x) (Tensor.scalar 0.5)))

    Expect.exactly
        [ 0.0; 0.25; 1.0; 1.0 / 9.0 ]
        (gradient (fun x -> Tensor.maximum (log x) (Tensor.scalar -9.0)))

    Expect.exactly [ 0.0; 0.25; 0.0; 1.0 / 9.0 ] (gradient (fun x -> Tensor.relu (log x)))
    Expect.exactly [ 0.0; 0.0; 0.0; 0.0 ] (gradient (fun x -> Tensor.relu (Tensor.sum (log x))))

    Expect.exactly
        [ 0.0; 0.25; 0.0; 1.0 / 6.0 ]
        (gradient (fun x -> Layer.maxPool2d 2 2 0 (Tensor.reshape [ 1; 2; 2; 1 ] (sqrt x)) + (sqrt x)[1]))

    Expect.exactly
        [ 0.0; 0.25; 0.5; 1.0 / 6.0 ]
        (gradient (fun x -> sqrt (Tensor.where (Tensor.greater x (Tensor.scalar 0.0)) x (Tensor.scalar 0.0))))
    // What pad adds does not move, although the square root's slope there is infinite.
    let padded x = Tensor.sum (sqrt (Tensor.pad 0 1 1 x))
    Expect.exactly [ 0.5 ] (Diff.grad padded (Expect.vector [ 1.0 ]))
    Expect.exactly [ 0.5 ] (Diff.gradv padded (Expect.vector [ 1.0 ]) (Tensor.ones [ 1 ]))

    let joined (x: Tensor) =
        Tensor.sum (sqrt (Tensor.concat 0 [ x; Tensor.zeros [ 2 ] ]))

    Expect.exactly [ 0.5 ] (Diff.gradv joined (Expect.vector [ 1.0 ]) (Tensor.ones [ 1 ]))

[<Fact>]
let ``a sum of masked rows is a selection as well`` () =
    // Row 0 has no chosen entry: its sum is 0, where the square root has no slope.
    let f (x: Tensor) =
        let masked =
            Tensor.where (Expect.ofShape [ 2; 2 ] [ 0.0; 0.0; 1.0; 1.0 ]) (square x) (Tensor.scalar 0.0)

        Tensor.sum (sqrt (Tensor.sumAxis 1 masked))

    let x = Expect.vector [ 7.0; 8.0; 1.0; 3.0 ]
    Expect.exactly [ 0.0; 0.0; 0.25; 0.25 ] (Diff.grad f x)
    Expect.exactly [ 0.5 ] (Diff.gradv f x (Tensor.ones [ 4 ]))
    Expect.exactly [ 0.0; 0.0; -0.0625; -0.0625 ] (Diff.hessianv f x (Tensor.ones [ 4 ]))

[<Fact>]
let ``zero times infinity of chosen numbers is NaN`` () =
    let atZero f =
        (Diff.grad f (Expect.vector [ 0.0; 1.0 ])).ToArray() |> Array.head

    let chosen = Expect.vector [ 1.0; 0.0 ]
    let zero = Tensor.scalar 0.0

    for f in
        [
            (fun x -> Tensor.sum (sqrt x * sqrt x))
            (fun x -> Tensor.sum (0.0 * sqrt x))
            (fun x -> Tensor.sum (Tensor.where chosen (sqrt x * sqrt x) zero))
            (fun x -> Tensor.sum (Tensor.where chosen (0.0 * sqrt x) zero))
            (fun x -> Tensor.matmul (Expect.ofShape [ 1; 2 ] [ 0.0; 1.0 ]) (sqrt x) |> Tensor.sum)
            (fun x -> (0.0 * sqrt x)[0])
        ] do
        Assert.True(Double.IsNaN(atZero f))

/// Random chains of structures, of one length: a law over compositions.
[<Fact>]
let ``what was not chosen has no part behind a chain of two structures`` () =
    let links: (Tensor -> Tensor) list = [
        (fun r -> Tensor.flatten (square r).T)
        (fun r -> Tensor.gather 0 [ 2; 0; 3; 1 ] r)
        (fun r -> Tensor.concat 0 [ r[2..3]; r[0..1] ])
        (fun r -> Tensor.cumulativeSum 0 r)
        (fun r -> Tensor.flatten (Tensor.matmul (square r) (weights r [ 2; 2 ])))
        // Not zeros: they would hide that an entry depends on the first number.
        (fun r -> Tensor.slice 0 1 4 (Tensor.pad 0 2 0 r) + 0.7)
        (fun r ->
            Tensor.flatten (
                Tensor.broadcastTo [ 2; 2 ] (Tensor.reshape [ 2; 1 ] (Tensor.sumAxis 1 (square r)))
            ))
        (fun r -> tanh r * r)
        (fun r -> Tensor.maximum r (r * r))
        (fun r -> Diff.vmap (fun row -> row * Tensor.sum row) (square r) |> Tensor.flatten)
        (fun r -> Tensor.relu (r - 0.3))
    ]

    let chains =
        Gen.nonEmptyListOf (Gen.elements [ 0 .. links.Length - 1 ]) |> Gen.resize 2

    Stackelberg.Tests.Law.holds (
        Prop.forAll
            (Arb.fromGen (Gen.zip chains (Gen.elements [ 0 .. derivatives.Length - 1 ])))
            (fun (chain, order) ->
                let structure r =
                    List.fold (fun r link -> links[link] r) r chain

                let f = chosen structure sqrt id
                let name, derivative = derivatives[order]
                same 1e-10 $"%A{chain}, {name}" (derivative f (at 0.25)) (derivative f (at 0.0)))
    )
