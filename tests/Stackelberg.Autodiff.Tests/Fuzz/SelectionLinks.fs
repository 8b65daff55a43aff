namespace Stackelberg.Autodiff.Tests.Fuzz

open System
open Stackelberg
open Stackelberg.Kernels

/// One structure of a chain: drawn for a shape, a function of tensors of this shape; nothing if the shape is too small.
type Link = {
    Name: string
    Draw: Random -> int[] -> Drawing voption
}

/// What was drawn.
and Drawing = {
    Apply: Tensor -> Tensor
    /// The same or, where NaN would raise an exception, a function whose result's entries depend on the same ones.
    Reach: Tensor -> Tensor
}

/// What may stand between a function and the selection of some of its values. No factor is 0: an entry that is multiplied
/// with a 0 has part in the product.
module SelectionLinks =

    let private count (shape: int[]) = Array.fold (*) 1 shape
    let private like (x: Tensor) t = Tensor.cast x.DType t

    /// Numbers between 1/4 and 1, of both signs.
    let weights seed (shape: int list) (x: Tensor) =
        let random = Random(seed: int)

        let number _ =
            (0.25 + 0.75 * random.NextDouble()) * (if random.Next 2 = 0 then -1.0 else 1.0)

        like x (Tensor.reshape shape (Tensor.ofArray (Array.init (List.fold (*) 1 shape) number)))

    let private divisor (random: Random) n =
        let found = [| 1..n |] |> Array.filter (fun d -> n % d = 0)
        found[random.Next found.Length]

    let private link name (draw: Random -> int -> (Tensor -> Tensor) voption) = {
        Name = name
        Draw =
            fun random shape ->
                if count shape = 0 then
                    ValueNone
                else
                    draw random (count shape)
                    |> ValueOption.map (fun f -> ({ Apply = f; Reach = f }: Drawing))
    }

    let private vector name (f: Random -> int -> Tensor -> Tensor) =
        link name (fun random n ->
            let f = f random n
            ValueSome(Tensor.flatten >> f))

    let private ofAnyLength name f = vector name (fun _ _ -> f)

    let private matrix name (f: Random -> int -> int -> Tensor -> Tensor) =
        link name (fun random n ->
            let m = divisor random n
            let f = f random m (n / m)
            ValueSome(fun r -> f (Tensor.reshape [ m; n / m ] r)))

    let private ofMatrix name f = matrix name (fun _ _ _ -> f)

    /// Along either axis.
    let private along name (f: int -> Tensor -> Tensor) =
        matrix name (fun random _ _ -> f (random.Next 2))

    let private upTo size (t: Tensor) =
        Tensor.slice 0 0 size (Tensor.flatten t)

    /// A batch of as many square matrices as there are entries for.
    let private squares name (f: Random -> int -> int -> Tensor -> Tensor) =
        link name (fun random n ->
            if n < 4 then
                ValueNone
            else
                let size = if n >= 9 && random.Next 3 = 0 then 3 else 2
                let batch = n / (size * size)
                let f = f random batch size
                ValueSome(fun r -> f (Tensor.reshape [ batch; size; size ] (upTo (batch * size * size) r))))

    let private eye size (x: Tensor) = like x (Tensor.eye size)

    /// A batch of matrices that are far from singular. Zeros become other numbers: of a zero an inverse of a matrix with NaN
    /// may have no NaN.
    let private regular name (f: Random -> int -> int -> Tensor -> Tensor) =
        squares name (fun random batch size ->
            let f = f random batch size
            fun a -> f (0.3 * sin a + 0.1 + 2.0 * eye size a))

    /// A batch of symmetric matrices without equal eigenvalues.
    let private symmetric name (f: Tensor -> Tensor) =
        squares name (fun _ _ size a ->
            let spread =
                Tensor.diag (like a (Tensor.ofArray (Array.init size (fun i -> 3.0 * float i))))

            f (0.3 * sin a + 0.1 + spread))

    let private positive name (f: Random -> int -> int -> Tensor -> Tensor) =
        squares name (fun random batch size ->
            let f = f random batch size
            fun a -> f (Tensor.matmul a (Tensor.permute [ 0; 2; 1 ] a) + eye size a))

    /// Two halves of one length.
    let private halves name (f: int -> Tensor -> Tensor -> Tensor) =
        link name (fun _ n ->
            if n < 2 then
                ValueNone
            else
                let half = n / 2

                ValueSome(fun r ->
                    let r = Tensor.flatten r
                    f half (Tensor.slice 0 0 half r) (Tensor.slice 0 half half r)))

    /// Images [2; h; 2; 1] and as many weights as are left, up to four.
    let private imagesAndWeights name least (f: int -> Tensor -> Tensor -> Tensor) =
        link name (fun random n ->
            if n < 6 then
                ValueNone
            else
                let filter = if n >= 8 then 4 else 2
                let h = min 2 ((n - filter) / (if n - filter >= 4 then 4 else 2))
                let width = if n - filter >= 4 then 2 else 1
                let padding = least + random.Next 2

                ValueSome(fun r ->
                    let r = Tensor.flatten r
                    let x = Tensor.reshape [ 2; h; width; 1 ] (Tensor.slice 0 0 (2 * h * width) r)

                    let w =
                        Tensor.reshape [ 1; filter / 2; 1; 2 ] (Tensor.slice 0 (n - filter) filter r)

                    f padding w x))

    let private image name (f: Random -> int -> int -> Tensor -> Tensor) =
        link name (fun random n ->
            let h = divisor random n
            let f = f random h (n / h)
            ValueSome(fun r -> f (Tensor.reshape [ 1; h; n / h; 1 ] r)))

    /// Roots by row, of which each mixes all entries of its row, and of which none is found of NaN.
    let private ofRows name (f: Tensor -> Tensor) =
        let rows = matrix name (fun _ _ _ -> Diff.vmap f)

        let mixing = matrix name (fun _ _ _ r -> r + Tensor.keepDim Tensor.sumAxis 1 r)

        {
            rows with
                Draw =
                    fun random shape ->
                        let seed = random.Next()

                        match rows.Draw (Random seed) shape, mixing.Draw (Random seed) shape with
                        | ValueSome rows, ValueSome mixing -> ValueSome { rows with Reach = mixing.Apply }
                        | _ -> ValueNone
        }

    let private cg = {
        Method = LinearMethod.ConjugateGradient
        Tolerance = 1e-14
        MaxIterations = 100
        WarmStart = false
    }

    let private indices seed extents entries (x: Tensor) =
        let random = Random(seed: int)

        like
            x
            (Tensor.reshape
                entries
                (Tensor.ofArray (
                    Array.init (List.fold (*) 1 entries) (fun _ -> float (random.Next(extents: int)))
                )))

    /// Of equal entries a sort takes either, whichever of them has a derivative.
    let private untied (r: Tensor) =
        let n = count r.Shape
        r + like r (Tensor.reshape r.Shape (Tensor.linspace 0.0 0.01 n))

    let private moving = [|
        ofMatrix "transpose" _.T
        matrix "broadcast" (fun random m n ->
            if random.Next 2 = 0 then
                Tensor.broadcastTo [ 2; m; n ]
            else
                Tensor.reshape [ m; n; 1 ] >> Tensor.broadcastTo [ m; n; 2 ])
        link "permute" (fun random n ->
            let a = divisor random n
            let b = divisor random (n / a)
            let order = Array.sortBy (fun _ -> random.Next()) [| 0..2 |]
            ValueSome(fun r -> Tensor.permute order (Tensor.reshape [ a; b; n / a / b ] r)))
        vector "slice" (fun random n ->
            let start = random.Next n
            Tensor.slice 0 start (1 + random.Next(n - start)))
        matrix "pad" (fun random _ _ -> Tensor.pad (random.Next 2) (random.Next 2) (random.Next 2))
        vector "concat" (fun random n ->
            let start = random.Next n
            fun r -> Tensor.concat 0 [ Tensor.slice 0 start (n - start) r; r * r; r ])
        along "stack" (fun axis r -> Tensor.stack axis [ r; 2.0 * r ])
        vector "gather" (fun random n -> Tensor.gather 0 (List.init (n + 1) (fun _ -> random.Next n)))
        vector "split" (fun random n ->
            let k = random.Next(n + 1)

            fun r ->
                let parts = Tensor.split 0 [ k; n - k ] r
                Tensor.concat 0 [ parts[1]; 2.0 * parts[0] ])
        along "reverse" Tensor.reverse
        ofMatrix "tril" Tensor.tril
        ofMatrix "triu" Tensor.triu
        matrix "tril, divided" (fun _ _ _ r -> Tensor.tril r / (2.0 + r * r))
        vector "diag of a vector" (fun _ n -> upTo (min n 5) >> Tensor.diag)
        ofMatrix "diag of a matrix" Tensor.diag
        along "sort" (fun axis r -> Tensor.sort axis (untied r))
        along "sort by another" (fun axis r -> Tensor.takeAlong axis (Tensor.argSort axis (untied -r)) r)
        link "takeAlong" (fun random n ->
            let m = divisor random n
            let axis, seed = random.Next 2, random.Next()
            let shape = if axis = 0 then [ 3; n / m ] else [ m; 3 ]
            let extent = if axis = 0 then m else n / m

            ValueSome(fun r ->
                Tensor.takeAlong axis (indices seed extent shape r) (Tensor.reshape [ m; n / m ] r)))
        ofAnyLength "cast" (fun r -> r |> Tensor.cast DType.Float32 |> Tensor.cast r.DType)
        vector "stopGradient" (fun _ _ r -> r + Tensor.stopGradient (r * r))
    |]

    let private reductions = [|
        along "sumAxis" Tensor.sumAxis
        along "meanAxis" Tensor.meanAxis
        along "maxAxis" Tensor.maxAxis
        along "minAxis" Tensor.minAxis
        along "prodAxis" Tensor.prodAxis
        along "varAxis" Tensor.varAxis
        matrix "stdAxis" (fun _ _ n r -> Tensor.stdAxis 1 (r + like r (Tensor.linspace 0.0 1.0 n)))
        along "normAxis" Tensor.normAxis
        along "pNormAxis" (Tensor.pNormAxis 3.0)
        along "largest size" (Tensor.pNormAxis infinity)
        along "logsumexpAxis" Tensor.logsumexpAxis
        along "keepDim" (fun axis r -> r / (1.0 + Tensor.keepDim Tensor.normAxis axis r))
        along "cumulativeSum" Tensor.cumulativeSum
        along "cumulativeProduct" Tensor.cumulativeProduct
        ofMatrix "softmax" Tensor.softmax
        ofMatrix "batchStatistics" (fun r ->
            let mean, variance = Layer.batchStatistics r
            Tensor.concat 0 [ mean; variance ])
    |]

    let private products = [|
        matrix "matmul" (fun random _ n ->
            let seed = random.Next()
            fun r -> Tensor.matmul r (weights seed [ n; 3 ] r))
        matrix "matrix times" (fun random m _ ->
            let seed = random.Next()
            fun r -> Tensor.matmul (weights seed [ 2; m ] r) r)
        matrix "matrix times vector" (fun random _ n ->
            let seed = random.Next()
            fun r -> Tensor.matmul r (weights seed [ n ] r))
        matrix "batch of products" (fun random m n ->
            let seed = random.Next()
            fun r -> Tensor.matmul (Tensor.reshape [ m; 1; n ] r) (weights seed [ m; n; 2 ] r))
        ofMatrix "product with itself" (fun r -> Tensor.matmul r r.T)
        squares "powers" (fun _ _ _ a -> Tensor.matmul a (Tensor.matmul a a))
        vector "outer" (fun _ n r -> Tensor.outer (upTo (min n 5) r) (upTo (min n 5) r))
        matrix "dots" (fun _ _ _ r -> Tensor.einsum "ij,ij->i" [ r; r * r ])
        matrix "einsum" (fun random _ n ->
            let seed = random.Next()
            fun r -> Tensor.einsum "ij,jk->ki" [ r; weights seed [ n; 2 ] r ])
        vector "kron" (fun random n ->
            let seed = random.Next()

            fun r ->
                let a = Tensor.reshape [ min n 6; 1 ] (upTo (min n 6) r)
                Tensor.kron a (weights seed [ 1; 2 ] r))
        squares "trace" (fun _ batch _ a -> Tensor.stack 0 (List.init batch (fun i -> Tensor.trace a[i])))
        image "convolution" (fun random _ _ ->
            let seed, stride = random.Next(), 1 + random.Next 2
            fun r -> Layer.conv2d stride 1 (weights seed [ 2; 2; 1; 2 ] r) r)
        image "convolution of weights" (fun random h w ->
            let seed = random.Next()

            fun r ->
                Layer.conv2d 1 0 (Tensor.reshape [ h; w; 1; 1 ] r) (weights seed [ 1; h + 1; w + 1; 1 ] r))
        image "transposed convolution" (fun random h w ->
            let seed, stride = random.Next(), (if h * w > 8 then 1 else 1 + random.Next 2)
            fun r -> Layer.convTranspose2d stride 0 0 (weights seed [ 2; 1; 2; 1 ] r) r)
        imagesAndWeights "convolution of both" 1 (fun padding w x -> Layer.conv2d 1 padding w x)
        imagesAndWeights "transposed convolution of both" 0 (fun padding w x ->
            Layer.convTranspose2d (1 + padding) 0 0 w (Tensor.concat 3 [ x; 2.0 * x ]))
        image "means over windows" (fun random h w ->
            let size = min 2 (min h w)
            Layer.averagePool2d size (1 + random.Next 2) (random.Next size))
        image "largest of windows" (fun random h w ->
            let size = min 2 (min h w)
            Layer.maxPool2d size (1 + random.Next 2) (random.Next size))
    |]

    let private systems = [|
        squares "solve's right sides" (fun random batch size ->
            let seed = random.Next()

            fun b ->
                let a = weights seed [ batch; size; size ] b + 3.0 * eye size b
                Tensor.solve a b)
        regular "solve" (fun _ _ _ a -> Tensor.solve a (a * a))
        regular "solve's matrices" (fun random batch size ->
            let seed = random.Next()
            fun a -> Tensor.solve a (weights seed [ batch; size ] a))
        regular "inverse" (fun _ _ _ -> Tensor.inverse)
        regular "det" (fun _ _ _ -> Tensor.det)
        regular "logDeterminant" (fun _ _ _ -> Tensor.logDeterminant)
        squares "triangularSolve's right sides" (fun random batch size ->
            let seed = random.Next()
            let triangle = enum<Triangle>(random.Next 4)

            fun b ->
                let a = weights seed [ batch; size; size ] b + 3.0 * eye size b
                Tensor.triangularSolve triangle a b)
        regular "triangularSolve" (fun random _ _ ->
            let triangle = enum<Triangle>(random.Next 4)
            fun a -> Tensor.triangularSolve triangle a (a * a))
        positive "cholesky" (fun _ _ _ -> PositiveDefinite.cholesky)
        positive "positive definite solve" (fun random batch size ->
            let seed = random.Next()
            fun a -> PositiveDefinite.solve a (weights seed [ batch; size; 2 ] a))
        positive "positive definite logDeterminant" (fun _ _ _ -> PositiveDefinite.logDeterminant)
        symmetric "symmetricEigenvalues" Tensor.symmetricEigenvalues
        symmetric "eigenvectors" (fun a -> snd (Tensor.symmetricEigen a))
        symmetric "singularValues" Tensor.singularValues
        matrix "LinearSolve by vmap" (fun _ _ n r ->
            Diff.vmap
                (fun b ->
                    LinearSolve.solve cg (fun v -> 3.0 * v + Tensor.broadcastTo [ n ] (Tensor.sum v)) b)
                r)
        matrix "LinearSolve's matrices by vmap" (fun _ _ _ r ->
            Diff.vmap (fun row -> LinearSolve.solve cg (fun v -> (2.0 + tanh row) * v) row) r)
        ofRows "root by vmap" (fun row ->
            Diff.root (fun y -> y + 0.2 * sin (Tensor.mean y) - sin row) (Tensor.zeros row.Shape))
        ofRows "fixedPoint by vmap" (fun row ->
            Diff.fixedPoint (fun y -> 0.3 * sin (Tensor.mean y + row) + 0.5) (Tensor.ones row.Shape))
    |]

    let private programs = [|
        ofMatrix "vmap" (Diff.vmap (fun row -> row * Tensor.sum row + row))
        matrix "vmap of a product" (fun random _ n ->
            let seed = random.Next()
            Diff.vmap (fun row -> Tensor.matmul (weights seed [ 2; n ] row) row))
        ofMatrix "vmap of sort" (untied >> Diff.vmap (Tensor.sort 0))
        ofMatrix "vmap of cumulativeProduct" (Diff.vmap (Tensor.cumulativeProduct 0))
        matrix "vmap of where" (fun _ _ _ ->
            Diff.vmap (fun row -> Tensor.where (Tensor.greater row (Tensor.meanAxis 0 row)) (row * row) row))
        ofAnyLength "scan" (Loop.scan 2 (fun s -> 0.5 * s + 0.1 * s * s))
        ofMatrix "scanOver" (fun r ->
            Loop.scanOver r (fun s row -> 0.5 * s * row + row) (like r (Tensor.ones [ r.Shape[1] ])))
        ofMatrix "collectOver" (fun r ->
            snd (Loop.collectOver r (fun s row -> s + row, s * row) (like r (Tensor.ones [ r.Shape[1] ]))))
        ofMatrix "path" (fun r -> Loop.path 2 (fun s -> s * s) r)
        ofAnyLength "a derivative" (Diff.grad (fun r -> Tensor.sum (r * r * sin r)))
        ofMatrix "a derivative of rows" (Diff.vmap (Diff.grad (fun r -> Tensor.sum r * Tensor.sum (r * r))))
        ofAnyLength "a compiled function" (Diff.jit (fun r -> r * cos r))
    |]

    let private elementwise = [|
        ofAnyLength "tanh" tanh
        ofAnyLength "square" (fun r -> r * r)
        ofAnyLength "exp" (fun r -> exp (0.3 * r))
        ofAnyLength "quotient" (fun r -> r / (1.0 + r * r))
        ofAnyLength "relu" (fun r -> Tensor.relu (r + 0.3))
        ofAnyLength "abs" abs
        ofAnyLength "maximum" (fun r -> Tensor.maximum r (0.7 * r * r))
        ofAnyLength "clamp" (Tensor.clamp -2.0 0.7)
        ofAnyLength "logaddexp" (fun r -> Tensor.logaddexp r (0.3 * r * r))
        ofAnyLength "where" (fun r ->
            Tensor.where (Tensor.less r (like r (Tensor.scalar 0.6))) (r * r) (0.5 * r))
        ofAnyLength "power" (fun r -> (1.0 + r * r) ** (0.5 * r))
        ofAnyLength "erf" Tensor.erf
    |]

    let all: Link[] =
        Array.concat [ moving; reductions; products; systems; programs; elementwise ]
