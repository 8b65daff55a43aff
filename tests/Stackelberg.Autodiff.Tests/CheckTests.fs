module Stackelberg.Autodiff.Tests.CheckTests

open System
open System.Globalization
open Stackelberg
open Stackelberg.Kernels
open Xunit

let private cases =
    OpCases.all |> List.map (fun case -> case.Name, case) |> Map.ofList

let names =
    OpCases.all
    |> List.filter (fun case -> case.Point.Length <= 12)
    |> List.map (fun case -> TheoryDataRow<string>(case.Name))
    |> Array.ofList

[<Theory; MemberData(nameof names)>]
let ``every op passes the check that users have for their own`` (name: string) =
    let case = cases[name]
    Check.requireGradient case.Apply (Tensor.ofArray case.Point)

[<Fact>]
let ``a wrong derivative is found, with its entry`` () =
    let cube = CustomOp.elementwise "cube" (fun x -> x * x * x) (fun x -> 2.0 * x * x)
    let x = Tensor.ofArray2D (array2D [ [ 0.0; 0.5 ]; [ 0.0; -2.0 ] ])
    let check = Check.gradient cube x
    Assert.False check.Passed
    Assert.Equal(4, check.Comparisons.Length)
    let reverse = check.Comparisons[0]
    Assert.Equal("reverse", reverse.Mode)
    Assert.Equal(1, reverse.Order)
    Assert.Equal<int>([| 1; 1 |], reverse.Entry)
    Assert.Equal<int>([| 1; 1 |], reverse.Of)
    Assert.Equal(8.0, reverse.Found, 1e-12)
    Assert.Equal(12.0, reverse.ByDifferences, 1e-6)
    Assert.False check.Comparisons[1].Agrees

    let failure =
        Assert.Throws<InvalidOperationException>(fun () -> Check.requireGradient cube x)

    Assert.Contains(
        "reverse, order 1: DISAGREES; worst the derivative of entry [1; 1] of the value by entry [1; 1]: 8, and 12 by differences",
        failure.Message
    )

[<Fact>]
let ``a wrong second derivative is found, though the first is right`` () =
    let slope = CustomOp.elementwise "slope" (fun x -> 3.0 * x * x) (fun x -> 5.0 * x)
    let cube = CustomOp.elementwise "cube" (fun x -> x * x * x) slope
    let check = Check.gradient cube (Tensor.ofList [ 0.5; -2.0 ])
    Assert.Equal<bool>([ true; true; false; false ], check.Comparisons |> Array.map _.Agrees)
    Assert.Equal<int>([| 1 |], check.Comparisons[2].Entry)

[<Fact>]
let ``a small error and a small function are not lost in the tolerance`` () =
    for scale in [ 1e-200; 1e-12; 1.0; 1e12; 1e200 ] do
        let wrong =
            CustomOp.elementwise "wrong" (fun x -> scale * Math.Sin x) (fun x -> scale * (1.0 + 1e-4) * cos x)

        let right =
            CustomOp.elementwise "right" (fun x -> scale * Math.Sin x) (fun x -> scale * cos x)

        let x = Tensor.ofList [ 0.3; 1.2 ]
        Assert.False((Check.gradient wrong x).Passed)
        Assert.True((Check.gradient right x).Passed)

[<Fact>]
let ``a derivative that is not finite disagrees`` () =
    let check = Check.gradient (sqrt >> Tensor.sum) (Tensor.ofList [ 1.0; 0.0 ])
    Assert.False check.Passed
    Assert.Equal<int>([| 1 |], check.Comparisons[0].Entry)

[<Fact>]
let ``a kink a little away does no harm`` () =
    Check.requireGradient (fun x -> Tensor.sum (Tensor.relu x * x)) (Tensor.ofList [ 1e-4; -3e-4; 2.0 ])

[<Fact>]
let ``float32 is checked as well as it can be`` () =
    let single = Tensor.cast DType.Float32 (Tensor.ofList [ 0.3; 1.2; -2.0 ])
    Check.requireGradient (fun x -> Tensor.sum (exp x * sin x)) single
    let wrong = CustomOp.elementwise "wrong" (fun x -> x * x) (fun x -> 2.1 * x)
    Assert.False((Check.gradient wrong single).Passed)

[<Fact>]
let ``no entries, and a value without entries, pass`` () =
    Check.requireGradient Tensor.sum (Tensor.zeros [ 0 ])
    Check.requireGradient (fun x -> x[0 .. -1]) (Tensor.ones [ 2 ])

[<Fact>]
let ``the text is the same in every culture`` () =
    let before = CultureInfo.CurrentCulture

    let text () =
        string (Check.gradient (sin >> Tensor.sum) (Tensor.ofList [ 0.5 ]))

    let expected = text ()
    let other = CultureInfo.InvariantCulture.Clone() :?> CultureInfo
    other.NumberFormat.NumberDecimalSeparator <- ","

    try
        CultureInfo.CurrentCulture <- other
        Assert.Equal(expected, text ())
    finally
        CultureInfo.CurrentCulture <- before

[<Fact>]
let ``a symbol cannot be checked`` () =
    let failure =
        Assert.Throws<InvalidOperationException>(fun () ->
            Diff.grad
                (fun x ->
                    Check.requireGradient Tensor.sum x
                    Tensor.sum x)
                (Tensor.ones [ 2 ])
            |> ignore)

    Assert.Contains("the point is a symbol", failure.Message)
