module Stackelberg.Dsl.Tests.DenseTests

open System
open System.Numerics
open Stackelberg
open Stackelberg.Dsl.Tests.TestGames
open Xunit

/// A matrix whose null space holds the last unit vectors, and a right side in its range.
let private rankDeficient n rank =
    let a = (normalMatrix 1 n n) / sqrt (float n)

    let kept =
        Tensor.ofArray (Array.init n (fun column -> if column < rank then 1.0 else 0.0))

    let jacobian = a * kept
    let solution = Tensor.ofArray (normals 2 n) * kept
    jacobian, solution, Tensor.matmul jacobian solution

let private asArray2D (t: Tensor) =
    let values = t.ToArray()
    Array2D.init t.Shape[0] t.Shape[1] (fun i j -> values[i * t.Shape[1] + j])

[<Theory; InlineData 60; InlineData 260>]
let ``without damping the step is the least-norm Newton step, by decomposition and by normal equations`` n =
    let jacobian, solution, f = rankDeficient n (n - 10)
    let step = Dense.levenbergMarquardt 0.0 (asArray2D jacobian) (f.ToArray())
    Check.close 1e-6 ((-solution).ToArray()) step

[<Fact>]
let ``both ways make the same damped step`` () =
    // Above the limit of the decomposition: a small problem, repeated along the diagonal.
    let block, copies = 10, 25
    let a, f = normalMatrix 3 block block, Tensor.ofArray (normals 4 block)
    let small = Dense.levenbergMarquardt 0.3 (asArray2D a) (f.ToArray())
    let entries = asArray2D a

    let large =
        Array2D.init (block * copies) (block * copies) (fun i j ->
            if i / block = j / block then
                entries[i % block, j % block]
            else
                0.0)

    let step =
        Dense.levenbergMarquardt 0.3 large (Array.concat (Array.replicate copies (f.ToArray())))

    Check.close 1e-10 (Array.concat (Array.replicate copies small)) step

/// MathNet's eigenvalues, which come with vectors, by another code.
let private reference (a: float[,]) =
    (MathNet.Numerics.LinearAlgebra.Double.DenseMatrix.OfArray a).Evd().EigenValues.ToArray()

/// The greatest distance in a matching of nearest neighbours.
let private apart (a: Complex[]) (b: Complex[]) =
    let left = ResizeArray b

    a
    |> Array.map (fun value ->
        let nearest = left |> Seq.minBy (fun other -> Complex.Abs(other - value))
        left.Remove nearest |> ignore
        Complex.Abs(nearest - value))
    |> Array.fold max 0.0

let private uniform (random: Random) n =
    Array2D.init n n (fun _ _ -> 2.0 * random.NextDouble() - 1.0)

let private kinds: (string * float * (Random -> int -> float[,])) list = [
    // An eigenvalue's condition reaches some hundreds, and n is up to 90.
    "random", 1e-11, uniform
    "symmetric",
    1e-13,
    (fun random n ->
        let a = uniform random n
        Array2D.init n n (fun i j -> a[i, j] + a[j, i]))
    // Powers of 10 by which rows and columns are scaled; balancing takes them away, in both codes.
    "badly scaled",
    1e-11,
    (fun random n ->
        let a = uniform random n
        Array2D.init n n (fun i j -> a[i, j] * 10.0 ** float (i % 5 - j % 5)))
    // Each entry smaller than those above and left of it; compared to the norm.
    "graded",
    1e-13,
    (fun random n ->
        let a = uniform random n
        Array2D.init n n (fun i j -> a[i, j] * 0.5 ** float (i + j)))
    "graded upwards",
    1e-13,
    (fun random n ->
        let a = uniform random n
        Array2D.init n n (fun i j -> (a[i, j] + a[j, i]) * 0.5 ** float (2 * n - i - j)))
    // Jordan blocks of three, turned: the cube root of a rounding.
    "defective",
    1e-4,
    (fun random n ->
        let q =
            (MathNet.Numerics.LinearAlgebra.Double.DenseMatrix.OfArray(uniform random n)).QR().Q

        let jordan =
            MathNet.Numerics.LinearAlgebra.Double.DenseMatrix.OfArray(
                Array2D.init n n (fun i j ->
                    if i = j then float (i / 3)
                    elif j = i + 1 && i % 3 <> 2 then 1.0
                    else 0.0)
            )

        (q * jordan * q.Transpose()).ToArray())
    // All eigenvalues on the unit circle, where a double shift alone can go round in circles.
    "permutation", 1e-13, (fun _ n -> Array2D.init n n (fun i j -> if j = (i + 1) % n then 1.0 else 0.0))
]

let kindsOfMatrices = [| for name, _, _ in kinds -> TheoryDataRow<string> name |]

[<Theory; MemberData(nameof kindsOfMatrices)>]
let ``eigenvalues are those of another code`` (name: string) =
    let _, accuracy, make = kinds |> List.find (fun (other, _, _) -> other = name)

    for n in [ 1; 2; 3; 4; 7; 8; 9; 16; 17; 30; 90 ] do
        for seed in 1..3 do
            let a = make (Random seed) n
            let found = Dense.eigenvalues a
            let distance = apart (reference a) found
            Assert.True(distance <= accuracy * max 1.0 (Dense.norm a), $"{name}, {n}, {seed}: {distance}")

            Assert.Equal<Complex[]>(
                found |> Array.sortBy (fun value -> struct (value.Real, value.Imaginary)),
                found
            )

[<Fact>]
let ``a triangular matrix has its diagonal for eigenvalues, without rounding`` () =
    let n = 12
    let a = uniform (Random 2) n

    let expected =
        Array.init n (fun i -> a[i, i]) |> Array.sort |> Array.map Complex.op_Implicit

    let upper = Array2D.init n n (fun i j -> if j >= i then a[i, j] else 0.0)
    Assert.Equal<Complex[]>(expected, Dense.eigenvalues upper)
    Assert.Equal<Complex[]>(expected, Dense.eigenvalues (Array2D.init n n (fun i j -> upper[j, i])))
    // Rows and columns in another order.
    let order = [| 3; 7; 1; 0; 11; 5; 2; 9; 4; 10; 8; 6 |]
    Assert.Equal<Complex[]>(expected, Dense.eigenvalues (Dense.select order order upper))

[<Fact>]
let ``eigenvalues of matrices known in closed form`` () =
    Assert.Empty(Dense.eigenvalues (Array2D.zeroCreate 0 0))
    Assert.Equal<Complex[]>([| Complex.Zero; Complex.Zero |], Dense.eigenvalues (Array2D.zeroCreate 2 2))

    // The second difference: 2 − 2 cos (π k / (n + 1)).
    let n = 60

    let a =
        Array2D.init n n (fun i j ->
            if i = j then 2.0
            elif abs (i - j) = 1 then -1.0
            else 0.0)

    for k, value in Array.indexed (Dense.eigenvalues a) do
        Assert.Equal(2.0 - 2.0 * cos (Math.PI * float (k + 1) / float (n + 1)), value.Real, 1e-13)

    for huge in [ 1e-290; 1e290 ] do
        let values =
            Dense.eigenvalues (array2D [ [ 0.0; -huge; 0.0 ]; [ huge; 0.0; 0.0 ]; [ 0.0; huge; huge ] ])

        Assert.Equal(1.0, values[2].Real / huge, 1e-13)
        Assert.Equal(1.0, values[1].Imaginary / huge, 1e-13)

[<Fact>]
let ``a large null space does not stop the search`` () =
    // [0, B; −Bᵀ, 2 I] with B of rank 100: 0 and 2 are eigenvalues a hundred times, and what the reduction leaves of the
    // zeros is a block of rounding.
    let n, rank = 200, 100
    let random = Random 1
    let u, v = uniform random n, uniform random n

    let b =
        Array2D.init n n (fun i j -> Seq.sum (seq { for k in 0 .. rank - 1 -> u[i, k] * v[j, k] }))

    let a =
        Array2D.init (2 * n) (2 * n) (fun i j ->
            if i < n && j >= n then b[i, j - n]
            elif i >= n && j < n then -b[j, i - n]
            elif i = j && i >= n then 2.0
            else 0.0)

    let values = Dense.eigenvalues a

    let near (value: float) =
        values
        |> Array.filter (fun other -> Complex.Abs(other - Complex.op_Implicit value) < 1e-12 * Dense.norm a)
        |> Array.length

    Assert.Equal(n - rank, near 0.0)
    Assert.Equal(n - rank, near 2.0)

[<Fact>]
let ``a matrix that is not finite has no eigenvalues`` () =
    for bad in [ nan; infinity ] do
        let values = Dense.eigenvalues (array2D [ [ 1.0; bad ]; [ 0.0; 1.0 ] ])
        Assert.Equal(2, values.Length)
        Assert.All(values, fun value -> Assert.True(Double.IsNaN value.Real))

[<Fact>]
let ``a symmetric matrix of rank one is decomposed whatever its size, zero rows and all`` () =
    // Half of the rows are zero; the squares of the smallest matrix' entries are below the numbers of double precision.
    for exponent in [ -300; -280; -150; 0; 150; 300 ] do
        let n = 158
        let random = Random 5

        let b = Array.init n (fun i -> if i % 2 = 0 then 0.0 else random.NextDouble() - 0.5)

        let size = 10.0 ** float exponent
        let values = Dense.eigenvalues (Array2D.init n n (fun i j -> size * b[i] * b[j]))
        let square = Array.sumBy (fun entry -> entry * entry) b
        Assert.Equal(square, values[n - 1].Real / size, 1e-12)
        Assert.All(values[.. n - 2], (fun value -> Assert.InRange(abs value.Real / size, 0.0, 1e-13)))

/// U B U⁻¹ with a unimodular U of integers, so that the product has no rounding and B's eigenvalues.
let private turnedByIntegers (random: Random) (steps: int) (b: float[,]) =
    let n = b.GetLength 0
    let a = Array2D.copy b

    for _ in 1..steps do
        let i, j = random.Next n, random.Next n

        if i <> j then
            let factor = float (random.Next(-1, 2))

            for k in 0 .. n - 1 do
                a[i, k] <- a[i, k] + factor * a[j, k]

            for k in 0 .. n - 1 do
                a[k, j] <- a[k, j] - factor * a[k, i]

    a

[<Fact>]
let ``a permuted block triangular matrix has the eigenvalues of its blocks, and so do the largest scales between them``
    ()
    =
    // Blocks [2 + k, 1; −1, 2 + k] among single ones, with blocks on both sides of the single ones, where no row and no column isolates them.
    let n = 21
    let starts = [| 0; 2; 4; 5; 7; 8; 9; 11; 13; 14; 16; 18; 19; 21 |]

    let blockOf i =
        Array.findIndexBack (fun start -> start <= i) starts

    let expected = [|
        for k in 0 .. starts.Length - 2 do
            let value = 2.0 + float k

            if starts[k + 1] - starts[k] = 1 then
                Complex.op_Implicit value
            else
                Complex(value, -1.0)
                Complex(value, 1.0)
    |]

    for seed in 1..20 do
        let random = Random seed

        let a =
            Array2D.init n n (fun i j ->
                let k, l = blockOf i, blockOf j

                if i = j then
                    2.0 + float k
                elif k = l then
                    (if i < j then 1.0 else -1.0)
                elif k < l && random.Next 3 > 0 then
                    (random.NextDouble() - 0.5) * 10.0 ** float (random.Next 12)
                else
                    0.0)

        let order = Array.init n id
        random.Shuffle order
        let permuted = Dense.select order order a

        for found in
            [
                Dense.eigenvalues permuted
                Dense.conditionedEigenvalues permuted |> Array.map _.Value
            ] do
            for value, right in Array.zip found expected do
                Assert.Equal(right.Real, value.Real, 1e-14)
                Assert.Equal(right.Imaginary, value.Imaginary, 1e-14)

        for found in Dense.conditionedEigenvalues permuted do
            Assert.Equal(1.0, found.Condition, 1e-12)
            Assert.InRange(found.Error, 1e-16, 1e-12)

[<Fact>]
let ``the errors of non-normal matrices' eigenvalues are below their bounds, which are no wider than need be``
    ()
    =
    let mutable tight = 0
    let mutable all = 0

    for seed in 1..300 do
        let random = Random seed
        let n = 3 + random.Next 10

        let diagonal =
            Array.init n (fun i -> float i - float (n / 2))
            |> Array.map (fun value -> 2.0 * value + 1.0)

        let b =
            Array2D.init n n (fun i j ->
                if i = j then diagonal[i]
                elif j > i then float (random.Next(-99, 100))
                else 0.0)

        let a = turnedByIntegers random (3 * n) b
        let found = Dense.conditionedEigenvalues a

        for right in diagonal do
            let nearest =
                found
                |> Array.minBy (fun one -> Complex.Abs(one.Value - Complex.op_Implicit right))

            let error = Complex.Abs(nearest.Value - Complex.op_Implicit right)
            Assert.True(error <= nearest.Error, $"{seed}: {error} is above {nearest.Error}")
            all <- all + 1

            if nearest.Error < 1e5 * max error (2.0 ** -50.0) then
                tight <- tight + 1

    Assert.True(float tight > 0.9 * float all, $"{tight} of {all}")

[<Fact>]
let ``a defective eigenvalue's bound is the root of a rounding`` () =
    // (λ − 2)² in a matrix without zeros, whose triangle comes out exactly; and (λ − 1)³.
    for a, right, least, most in
        [
            array2D [ [ 3.0; 1.0 ]; [ -1.0; 1.0 ] ], 2.0, 1e-9, 1e-6
            // U J U⁻¹ of the Jordan block with U = [1, 0, 0; 1, 1, 0; 1, 1, 1] [1, 1, 1; 0, 1, 1; 0, 0, 1].
            array2D [ [ 0.0; 1.0; 0.0 ]; [ -1.0; 1.0; 1.0 ]; [ -1.0; 0.0; 2.0 ] ], 1.0, 1e-7, 1e-3
        ] do
        for found in Dense.conditionedEigenvalues a do
            Assert.InRange(Complex.Abs(found.Value - Complex.op_Implicit right), 0.0, found.Error)
            Assert.InRange(found.Error, least, most)
            Assert.True(found.Condition > 1e6)

[<Fact>]
let ``conditions are those of the vectors of another code, and errors grow with the matrix`` () =
    let random = Random 3

    for n in [ 2; 5; 17; 40 ] do
        let a = uniform random n
        let found = Dense.conditionedEigenvalues a
        let evd = (MathNet.Numerics.LinearAlgebra.Double.DenseMatrix.OfArray a).Evd()

        // The values' vectors as columns, complex; the rows of the inverse are the left ones.
        let vectors =
            MathNet.Numerics.LinearAlgebra.Complex.DenseMatrix.Create(
                n,
                n,
                fun i j ->
                    let value = evd.EigenValues[j]

                    if value.Imaginary = 0.0 then
                        Complex(evd.EigenVectors[i, j], 0.0)
                    elif value.Imaginary > 0.0 then
                        Complex(evd.EigenVectors[i, j], evd.EigenVectors[i, j + 1])
                    else
                        Complex(evd.EigenVectors[i, j - 1], -evd.EigenVectors[i, j])
            )

        let inverse = vectors.Inverse()

        for j in 0 .. n - 1 do
            let condition = vectors.Column(j).L2Norm() * inverse.Row(j).L2Norm()

            let nearest =
                found |> Array.minBy (fun one -> Complex.Abs(one.Value - evd.EigenValues[j]))

            // Balancing of a matrix that is balanced already changes a little.
            Assert.InRange(nearest.Condition / condition, 0.3, 1.0 + 1e-6)

        let larger =
            Dense.conditionedEigenvalues (Array2D.map (fun entry -> 1024.0 * entry) a)

        for one, other in Array.zip found larger do
            Assert.Equal(1.0, other.Error / one.Error / 1024.0, 1e-6)
            Assert.Equal(one.Condition, other.Condition, 1e-6 * one.Condition)

[<Fact>]
let ``symmetric matrices have conditions of 1, and matrices that are not finite no bound`` () =
    for found in Dense.conditionedEigenvalues (array2D [ [ 2.0; 1.0 ]; [ 1.0; 2.0 ] ]) do
        Assert.Equal(1.0, found.Condition)
        Assert.InRange(found.Error, 1e-16, 1e-13)

    for found in Dense.conditionedEigenvalues (array2D [ [ nan; 1.0 ]; [ 1.0; 2.0 ] ]) do
        Assert.True(Double.IsInfinity found.Error && Double.IsNaN found.Value.Real)

    Assert.Empty(Dense.conditionedEigenvalues (Array2D.zeroCreate 0 0))
