/// That steps keep to their regions is tested wherever they run, in Memory.
module Stackelberg.Kernels.Tests.RegionTests

open System
open Stackelberg
open Stackelberg.Kernels
open Xunit

let private fill = Steps.Fill(DType.Float64, 1.0, Place(1, 2), 3)

let private require (types: DType list) (lengths: int list) =
    Region.Require([ fill ], Array.ofList types, Array.ofList lengths)

[<Fact>]
let ``regions inside their buffers pass, up to the last element`` () =
    require [ DType.Float32; DType.Float64 ] [ 0; 5 ]

[<Fact>]
let ``a region beyond its buffer, in none, or of another type is refused by name`` () =
    let refused types lengths =
        Assert.Throws<InvalidOperationException>(fun () -> require types lengths).Message

    Assert.Contains(
        "FillStep`1 touches elements 2 to 4 of buffer 1 as Float64, but it has 4 of Float64",
        refused [ DType.Float32; DType.Float64 ] [ 0; 4 ]
    )

    Assert.Contains("there are 1 buffers", refused [ DType.Float64 ] [ 10 ])
    Assert.Contains("as Float64, but it has 5 of Float32", refused [ DType.Float32; DType.Float32 ] [ 0; 5 ])

[<Fact>]
let ``a step that touches nothing needs no buffer`` () =
    let nothing = Steps.Fill(DType.Float64, 1.0, Place(7, 0), 0)
    Region.Require([ nothing ], [||], [||])

[<Fact>]
let ``nested steps answer for what is inside them`` () =
    let inner = Steps.Fill(DType.Float64, 1.0, Place(0, 90), 10)

    let solve =
        Steps.LinearSolve(
            DType.Float64,
            LinearMethod.ConjugateGradient,
            1,
            [| inner |],
            null,
            Place(0, 0),
            Place(0, 1),
            Place(0, 2),
            Place(0, 3),
            Nullable(),
            Place(0, 4),
            1e-9,
            5,
            -1
        )

    let check length =
        Region.Require(
            [ Steps.Sequence(DType.Float64, [| solve; fill |]) ],
            [| DType.Float64; DType.Float64 |],
            [| length; 5 |]
        )

    check 100
    Assert.Throws<InvalidOperationException>(fun () -> check 99) |> ignore
