module Stackelberg.Dsl.Tests.EigenvaluesTests

open System
open System.Numerics
open FsCheck
open FsCheck.FSharp
open Stackelberg
open Stackelberg.Dsl.Tests
open Xunit

let private norm (v: float[]) =
    sqrt (Array.sumBy (fun entry -> entry * entry) v)

let private noise (random: Random) count =
    Array.init count (fun _ -> 2.0 * random.NextDouble() - 1.0)

/// H A H for a few random reflections H = I − 2 u uᵀ: the same eigenvalues, and no zeros.
let private hidden (random: Random) (a: float[,]) =
    let n = a.GetLength 0
    let a = Array2D.copy a

    for _ in 1..3 do
        let u = noise random n
        let scale = 2.0 / norm u ** 2.0

        for j in 0 .. n - 1 do
            let mutable along = 0.0

            for i in 0 .. n - 1 do
                along <- along + scale * u[i] * a[i, j]

            for i in 0 .. n - 1 do
                a[i, j] <- a[i, j] - along * u[i]

        for i in 0 .. n - 1 do
            let mutable along = 0.0

            for j in 0 .. n - 1 do
                along <- along + scale * u[j] * a[i, j]

            for j in 0 .. n - 1 do
                a[i, j] <- a[i, j] - along * u[j]

    a

let private product (a: float[,]) =
    Action<float[], float[]>(fun v into ->
        for i in 0 .. v.Length - 1 do
            let mutable sum = 0.0

            for j in 0 .. v.Length - 1 do
                sum <- sum + a[i, j] * v[j]

            into[i] <- sum)

let private ofDiagonal (entry: int -> float) =
    Action<float[], float[]>(fun v into ->
        for i in 0 .. v.Length - 1 do
            into[i] <- entry i * v[i])

/// |A v − λ v| and |v|, from scratch.
let private trueResidual (apply: Action<float[], float[]>) (pair: Eigenpair) =
    let image part =
        let into = Array.zeroCreate pair.Vector.Length
        apply.Invoke(Array.map part pair.Vector, into)
        into

    let real, imaginary = image _.Real, image _.Imaginary

    let residual =
        Array.mapi (fun i v -> Complex.Abs(Complex(real[i], imaginary[i]) - pair.Value * v)) pair.Vector

    norm residual, norm (Array.map Complex.Abs pair.Vector)

let private searching = {
    Eigenvalues.settings with
        Count = 4
        WantsVectors = true
}

/// Symmetric, general, defective and clustered matrices, larger than those that are decomposed, and how far an
/// eigenvalue may be off for their scale.
let private families: (string * bool * float * (Random -> int -> float[,])) list = [
    "symmetric",
    true,
    1e-9,
    (fun random n ->
        let a = noise random (n * n)
        Array2D.init n n (fun i j -> a[i * n + j] + a[j * n + i]))
    // Eigenvalues' conditions reach some hundreds.
    "without symmetry",
    false,
    1e-7,
    (fun random n ->
        let a = noise random (n * n)
        Array2D.init n n (fun i j -> a[i * n + j]))
    // Two blocks of three at the end of the spectrum: the cube root of a residual of 1e-10.
    "defective",
    false,
    2e-3,
    (fun random n ->
        hidden
            random
            (Array2D.init n n (fun i j ->
                if i = j then
                    (if i < 3 then -2.0
                     elif i < 6 then -1.5
                     else float i / float n)
                elif j = i + 1 && i < 6 && i % 3 <> 2 then
                    0.5
                else
                    0.0)))
    "clustered",
    true,
    1e-9,
    (fun random n ->
        hidden
            random
            (Array2D.init n n (fun i j ->
                if i <> j then 0.0
                elif i < 6 then -1.0 + 1e-6 * float i
                else random.NextDouble())))
]

let familiesAndEnds = [|
    for name, _, _, _ in families do
        for which in [ 0..2 ] do
            TheoryDataRow<string, int>(name, which)
|]

let private isClosed (values: Complex[]) =
    values
    |> Array.forall (fun value -> Array.contains (Complex.Conjugate value) values)

let private agrees name which (seed: int) =
    let _, isSymmetric, accuracy, make =
        families |> List.find (fun (other, _, _, _) -> other = name)

    let random = Random seed
    let n = 97 + random.Next 30
    let a = make random n
    let apply = product a

    let settings = {
        searching with
            Seed = uint64 seed
            Which = [| Which.SmallestReal; Which.LargestReal; Which.BothEnds |][which]
    }

    let found = Eigenvalues.ofMap settings isSymmetric n apply
    let all = Dense.eigenvalues a
    let count = found.Pairs.Length

    let expected =
        match settings.Which with
        | Which.SmallestReal -> all[.. count - 1]
        | Which.LargestReal -> all[n - count ..]
        | Which.BothEnds ->
            let low = found.Values |> Array.filter (fun value -> value.Real < all[n / 2].Real)
            Array.append all[.. low.Length - 1] all[n - count + low.Length ..]

    Assert.True((found.Ending = EigenEnding.Converged), $"{name}, {seed}: {found.Ending}")
    Assert.True(found.Restarts > 0, "the search was made")
    Assert.InRange(count, settings.Count, 2 * settings.Count + 2)
    Assert.True(isClosed found.Values, "no pair is split")

    for i in 0 .. count - 1 do
        Assert.True(
            abs (expected[i].Real - found.Values[i].Real) <= accuracy * found.Scale,
            $"{name}, {seed}: {found.Values[i]} for {expected[i]}"
        )

        let nearest =
            all
            |> Array.map (fun value -> Complex.Abs(value - found.Values[i]))
            |> Array.min

        Assert.InRange(nearest, 0.0, accuracy * found.Scale)

    for pair in found.Pairs do
        let residual, length = trueResidual apply pair
        Assert.Equal(1.0, length, 1e-12)
        // Both are computed with the rounding of products.
        Assert.Equal(residual, pair.Residual, 1e-13 * found.Scale)
        Assert.Equal(pair.Residual <= settings.Tolerance * found.Scale, pair.IsConverged)

/// 12 × 17 = 204 matrices.
[<Theory; MemberData(nameof familiesAndEnds)>]
let ``the search agrees with dense eigenvalues, and its residuals are true`` (name: string, which: int) =
    for seed in 1..17 do
        agrees name which seed

[<Fact>]
let ``small matrices are decomposed, with true residuals too`` () =
    Check.One(
        Config.QuickThrowOnFailure.WithMaxTest 40,
        Prop.forAll (ArbMap.defaults |> ArbMap.arbitrary<int>) (fun seed ->
            let random = Random seed
            let n = 1 + random.Next 20
            let a = Array2D.init n n (fun _ _ -> 2.0 * random.NextDouble() - 1.0)
            let found = Eigenvalues.ofMap searching false n (product a)
            let all = Dense.eigenvalues a

            found.Ending = EigenEnding.Converged
            && found.Restarts = 0
            && isClosed found.Values
            && found.Pairs.Length >= min n 4
            && Array.forall2
                (fun (value: Complex) expected -> Complex.Abs(value - expected) < 1e-8)
                found.Values
                all[.. found.Pairs.Length - 1]
            && found.Pairs
               |> Array.forall (fun pair ->
                   abs (fst (trueResidual (product a) pair) - pair.Residual) < 1e-13))
    )

[<Fact>]
let ``every copy of a multiple eigenvalue is found`` () =
    let entry i =
        if i % 300 = 7 then -1.0 else 1.0 + float (i % 50)

    for isSymmetric in [ true; false ] do
        let found =
            Eigenvalues.ofMap { searching with Count = 5 } isSymmetric 1000 (ofDiagonal entry)

        Assert.Equal(EigenEnding.Converged, found.Ending)

        for value, expected in Array.zip found.Values [| -1.0; -1.0; -1.0; -1.0; 1.0 |] do
            Assert.Equal(expected, value.Real, 1e-8)

        // The copies' vectors are independent.
        let gram =
            Array2D.init 4 4 (fun i j ->
                Array.fold2
                    (fun (sum: Complex) (a: Complex) b -> sum + Complex.Conjugate a * b)
                    Complex.Zero
                    found.Pairs[i].Vector
                    found.Pairs[j].Vector
                |> Complex.Abs)

        Assert.True(Dense.reciprocalCondition gram > 1e-3)

[<Fact>]
let ``the zero map and the identity have one eigenvalue`` () =
    for isSymmetric in [ true; false ] do
        for value in [ 0.0; 1.0 ] do
            let found =
                Eigenvalues.ofMap searching isSymmetric 200 (ofDiagonal (fun _ -> value))

            Assert.Equal(EigenEnding.Converged, found.Ending)
            Assert.Equal(4, found.Pairs.Length)

            for pair in found.Pairs do
                Assert.Equal(value, pair.Value.Real, 1e-13)
                Assert.Equal(0.0, pair.Value.Imaginary, 1e-13)

[<Fact>]
let ``a start vector's invariant subspace does not end the search`` () =
    // Of rank two: a Krylov space has three dimensions at most.
    let n = 150
    let random = Random 4
    let u, v = noise random n, noise random n

    let apply =
        Action<float[], float[]>(fun x into ->
            let alongU = Array.fold2 (fun sum a b -> sum + a * b) 0.0 u x
            let alongV = Array.fold2 (fun sum a b -> sum + a * b) 0.0 v x

            for i in 0 .. n - 1 do
                into[i] <- alongV * u[i] - alongU * v[i])

    let found = Eigenvalues.ofMap searching false n apply
    Assert.Equal(EigenEnding.Converged, found.Ending)
    Assert.Equal(4, found.Pairs.Length)
    // v uᵀ − u vᵀ has the eigenvalues ± i √(|u|² |v|² − (uᵀv)²), and 0.
    let uv = Array.fold2 (fun sum a b -> sum + a * b) 0.0 u v
    let expected = sqrt (norm u ** 2.0 * norm v ** 2.0 - uv * uv)

    for value in found.Values do
        Assert.Equal(0.0, value.Real, 1e-8)
        Assert.Contains([ 0.0; expected ], fun size -> abs (abs value.Imaginary - size) < 1e-8)

[<Fact>]
let ``an operator of dimension 100000 stays far below a gigabyte`` () =
    let n = 100000
    let u = noise (Random 1) n
    let scale = 2.0 / norm u ** 2.0

    let reflect (v: float[]) =
        let mutable along = 0.0

        for i in 0 .. n - 1 do
            along <- along + scale * u[i] * v[i]

        for i in 0 .. n - 1 do
            v[i] <- v[i] - along * u[i]

    let inner = Array.zeroCreate n

    // Pairs −0.7 ± i, −0.65 ± i, −0.6 ± i, and then real parts from 0 on; turned by a reflection.
    let entry i =
        if i < 6 then
            struct (-0.7 + 0.05 * float (i / 2), 1.0)
        else
            struct (float i / float n, 0.3)

    let apply =
        Action<float[], float[]>(fun v into ->
            v.CopyTo(inner, 0)
            reflect inner

            for i in 0..2 .. n - 2 do
                let struct (real, imaginary) = entry i
                into[i] <- real * inner[i] - imaginary * inner[i + 1]
                into[i + 1] <- imaginary * inner[i] + real * inner[i + 1]

            reflect into)

    let before = GC.GetAllocatedBytesForCurrentThread()
    let found = Eigenvalues.ofMap { Eigenvalues.settings with Count = 5 } false n apply
    let bytes = GC.GetAllocatedBytesForCurrentThread() - before
    Assert.Equal(EigenEnding.Converged, found.Ending)
    Assert.Equal(6, found.Pairs.Length)

    for value, expected in Array.zip found.Values [| -0.7; -0.7; -0.65; -0.65; -0.6; -0.6 |] do
        Assert.Equal(expected, value.Real, 1e-9)
        Assert.Equal(1.0, abs value.Imaginary, 1e-9)

    // 33 vectors of 0.8 MB, and what the arithmetic of the search makes.
    Assert.InRange(bytes, 0L, 500_000_000L)

[<Fact>]
let ``the same settings give the same bits, another seed the same values`` () =
    let a =
        hidden (Random 3) (Array2D.init 120 120 (fun i j -> if i = j then float i else 0.0))

    let find seed =
        Eigenvalues.ofMap { searching with Seed = seed } true 120 (product a)

    let one, again, other = find 1UL, find 1UL, find 2UL
    Assert.Equal<Complex[]>(one.Values, again.Values)
    Assert.Equal<Complex[]>(one.Pairs[0].Vector, again.Pairs[0].Vector)
    Assert.NotEqual<Complex[]>(one.Pairs[0].Vector, other.Pairs[0].Vector)

    for a, b in Array.zip one.Values other.Values do
        Assert.Equal(a.Real, b.Real, 1e-8)

[<Fact>]
let ``a search that is cut short says so, with true residuals and flags`` () =
    // The second difference: its spectrum is dense at the end.
    let n = 2000

    let apply =
        Action<float[], float[]>(fun v into ->
            for i in 0 .. n - 1 do
                let left = if i > 0 then v[i - 1] else 0.0
                let right = if i < n - 1 then v[i + 1] else 0.0
                into[i] <- 2.0 * v[i] - left - right)

    let found = Eigenvalues.ofMap { searching with MaxRestarts = 3 } true n apply
    Assert.Equal(EigenEnding.OutOfRestarts, found.Ending)
    Assert.Equal(3, found.Restarts)
    Assert.Contains(found.Pairs, fun pair -> not pair.IsConverged)

    for pair in found.Pairs do
        Assert.Equal(fst (trueResidual apply pair), pair.Residual, 1e-13)

[<Fact>]
let ``a map that is not finite gives no pairs`` () =
    for n in [ 5; 200 ] do
        let found =
            Eigenvalues.ofMap searching false n (ofDiagonal (fun i -> if i = 3 then nan else 1.0))

        Assert.Equal(EigenEnding.NotFinite, found.Ending)
        Assert.Empty found.Pairs

[<Fact>]
let ``an operator's eigenvalues are its matrix'`` () =
    let rotation =
        Operator.ofMatrix (Tensor.ofArray2D (array2D [ [ 0.0; -1.0 ]; [ 1.0; 0.0 ] ]))

    Assert.Equal<Complex[]>(
        [| -Complex.ImaginaryOne; Complex.ImaginaryOne |],
        (Eigenvalues.ofOperator Eigenvalues.settings rotation).Values
    )

    // Of shape [10; 12], and composed: 3 A − I.
    let scales =
        Tensor.reshape [ 10; 12 ] (Tensor.ofArray (Array.init 120 (fun i -> float (i + 1))))

    let a =
        3.0
        * Operator.ofFunctions [ 10; 12 ] [ 10; 12 ] (fun v -> scales * v) (fun v -> scales * v)
        - Operator.identity

    let found = Eigenvalues.ofOperator { searching with Count = 3 } a
    Assert.Equal(EigenEnding.Converged, found.Ending)

    for value, expected in Array.zip found.Values [| 2.0; 5.0; 8.0 |] do
        Assert.Equal(expected, value.Real, 1e-7)

[<Fact>]
let ``a permuted triangular matrix has its diagonal for eigenvalues, by products too`` () =
    let random = Random 1

    for n in [ 10; 20; 29; 40; 120 ] do
        for isPermuted in [ false; true ] do
            let triangle =
                Array2D.init n n (fun i j -> if j > i then 0.0 else float (random.Next(-99, 99)))

            let order = Array.init n id

            if isPermuted then
                random.Shuffle order

            let a = Dense.select order order triangle
            let right = Array.init n (fun i -> triangle[i, i]) |> Array.sort

            let found =
                Eigenvalues.ofOperator
                    { Eigenvalues.settings with Count = n }
                    (Operator.ofMatrix (Tensor.ofArray2D a))

            Assert.Equal<float[]>(right, found.Values |> Array.map _.Real)
            Assert.All(found.Pairs, fun pair -> Assert.Equal(0.0, pair.Value.Imaginary))
            Assert.All(found.Pairs, fun pair -> Assert.Equal(1.0, pair.Condition))
            Assert.All(found.Pairs, fun pair -> Assert.True(pair.Error <= 1e-13))

[<Fact>]
let ``decomposed and searched, an eigenvalue is within its error of one of the matrix`` () =
    // Upper triangular with large entries, and turned by reflections: conditions up to some thousands.
    for n in [ 24; 140 ] do
        for seed in 1..3 do
            let random = Random seed

            let a =
                hidden
                    random
                    (Array2D.init n n (fun i j ->
                        if i = j then float i
                        elif j = i + 1 then 2.0
                        else 0.0))

            let found = Eigenvalues.ofMap searching false n (product a)
            Assert.Equal(EigenEnding.Converged, found.Ending)

            for pair in found.Pairs do
                Assert.True(pair.Condition > 2.0)

                let error =
                    abs (pair.Value.Real - Math.Round pair.Value.Real) + abs pair.Value.Imaginary

                Assert.True(error <= pair.Error, $"{n}, {seed}: {error} is above {pair.Error}")
                Assert.True(pair.Error < 1e-3)

[<Fact>]
let ``a badly scaled matrix is balanced, by products too`` () =
    let n = 20
    let random = Random 5
    let a = Array2D.init n n (fun _ _ -> 2.0 * random.NextDouble() - 1.0)

    let scaled =
        Array2D.init n n (fun i j -> a[i, j] * 2.0 ** float (5 * (i % 7) - 5 * (j % 7)))

    let values matrix =
        (Eigenvalues.ofMap { searching with Count = n } false n (product matrix)).Values

    for value, right in Array.zip (values scaled) (values a) do
        Assert.Equal(right.Real, value.Real, 1e-11)
        Assert.Equal(right.Imaginary, value.Imaginary, 1e-11)

[<Fact>]
let ``wrong arguments are refused`` () =
    let refused (expected: string) settings n =
        Assert.Contains(
            expected,
            Check.argumentMessage (fun () -> Eigenvalues.ofMap settings true n (ofDiagonal float) |> ignore)
        )

    refused "dimension is 0, but at least 1 is needed" searching 0
    refused "has Count 0, but at least 1" { searching with Count = 0 } 5
    refused "has MaxRestarts -1" { searching with MaxRestarts = -1 } 5
    refused "has Tolerance NaN" { searching with Tolerance = nan } 5

    Assert.Contains(
        "maps shape any to any, but one known shape on both sides is needed",
        Check.argumentMessage (fun () -> Eigenvalues.ofOperator searching Operator.identity |> ignore)
    )
