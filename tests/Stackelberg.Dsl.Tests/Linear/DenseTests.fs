module Stackelberg.Dsl.Tests.DenseTests

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
