module Stackelberg.Kernels.Tests.LogDeterminantTests

open System
open Stackelberg
open Stackelberg.Kernels
open Xunit

let private determinant dtype n sign (matrices: float[]) =
    let batch = if n = 0 then 2 else matrices.Length / (n * n)
    let work = Array.zeroCreate (n * n + n)

    let step =
        Steps.LogDeterminant(dtype, batch, n, Memory.place 0, Memory.place 1, sign, Memory.place 2)

    (Memory.run dtype step [ matrices; Array.zeroCreate batch; work ])[1]

[<Fact>]
let ``logarithm and sign are those of the determinant`` () =
    let matrices = [|
        1.0
        2.0
        3.0
        4.0
        0.0
        1.0
        1.0
        0.0
        -3.0
        0.0
        0.0
        -0.5
        2.0
        1.0
        4.0
        2.0
    |]

    for dtype in Memory.types do
        let found = determinant dtype 2 false matrices
        let tolerance = if dtype = DType.Float64 then 1e-15 else 1e-6
        Assert.Equal(log 2.0, found[0], tolerance)
        Assert.Equal(0.0, found[1])
        Assert.Equal(log 1.5, found[2], tolerance)
        Assert.Equal(Double.NegativeInfinity, found[3])
        Assert.Equal<float>([| -1.0; -1.0; 1.0; 0.0 |], determinant dtype 2 true matrices)

[<Fact>]
let ``an empty matrix has determinant one, an infinite one none, a huge one no overflow`` () =
    Assert.Equal<float>([| 0.0; 0.0 |], determinant DType.Float64 0 false [||])
    Assert.Equal<float>([| 1.0; 1.0 |], determinant DType.Float64 0 true [||])
    Assert.True(Double.IsNaN((determinant DType.Float64 2 false [| infinity; 0.0; 0.0; 1.0 |])[0]))
    Assert.True(Double.IsNaN((determinant DType.Float64 2 true [| nan; 0.0; 0.0; 1.0 |])[0]))
    let diagonal = Array.init 100 (fun k -> if k % 11 = 0 then 1e300 else 0.0)
    Assert.Equal(10.0 * log 1e300, (determinant DType.Float64 10 false diagonal)[0], 1e-10)

[<Fact>]
let ``it allocates nothing`` () =
    let step =
        Steps.LogDeterminant(DType.Float64, 1, 3, Memory.place 0, Memory.place 1, false, Memory.place 2)

    Assert.Equal(
        0L,
        Memory.allocated DType.Float64 step [
            Array.init 9 (fun k -> float (k * k % 7))
            [| 0.0 |]
            Array.zeroCreate 12
        ]
    )
