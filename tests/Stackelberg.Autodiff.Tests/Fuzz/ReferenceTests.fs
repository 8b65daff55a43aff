/// The evaluator that compositions are judged by, against published digits, and the judge against wrong derivatives.
module Stackelberg.Autodiff.Tests.Fuzz.ReferenceTests

open System
open System.Numerics
open Stackelberg
open Xunit

/// A decimal number of many digits.
let private digits (text: string) =
    let isMinus = text.StartsWith '-'
    let parts = text.TrimStart('-').Split '.'

    let n =
        BigInteger.Parse(parts[0] + parts[1], Globalization.CultureInfo.InvariantCulture)

    let wide (n: BigInteger) =
        let high = n >>> 60

        Wide.Of(float high).Scaled 60
        + Wide.Of(float (n - (BigInteger(float high) <<< 60)))

    let value = wide n / wide (BigInteger.Pow(BigInteger 10, parts[1].Length))
    if isMinus then -value else value

let private values = [
    "exp 1", WideMath.exp Wide.One, "2.71828182845904523536028747135266"
    "log 2", WideMath.log (Wide.Of 2.0), "0.69314718055994530941723212145818"
    "sin 1", (Taylor.sin Wide.One)[0], "0.84147098480789650665250232163030"
    "cos 1", (Taylor.cos Wide.One)[0], "0.54030230586813971740093660744298"
    "sin 1e22", (Taylor.sin (Wide.Of 1e22))[0], "-0.85220084976718880177270589375303"
    "atan 1", WideMath.atan Wide.One, "0.78539816339744830961566084581988"
    "tanh 1", (Taylor.tanh Wide.One)[0], "0.76159415595576488811945828260479"
    "sinh 1", WideMath.sinh Wide.One, "1.17520119364380145688238185059560"
    "√2", sqrt (Wide.Of 2.0), "1.41421356237309504880168872420970"
    "log1p 1e-3", WideMath.log1p (Wide.One / 1000.0), "0.00099950033308353316680939892053501"
    "expm1 1e-3", WideMath.expm1 (Wide.One / 1000.0), "0.00100050016670834166805575399305831"
    "asin 0.5", WideMath.asin (Wide.Of 0.5), "0.52359877559829887307710723054658"
    "2^0.3",
    WideMath.exp (WideMath.log (Wide.Of 2.0) * (Wide.Of 3.0 / 10.0)),
    "1.23114441334491628449939306916774"
]

[<Fact>]
let ``the evaluator's functions have their published digits`` () =
    for name, found, expected in values do
        let expected = digits expected
        let off = abs ((found - expected) / expected)
        Assert.True(off.Value < 1e-27, $"{name}: off by {Operation.show off.Value}")

/// f and the derivative that it is said to have.
let private single (value: float -> float) (derivative: Tensor -> Tensor) reference point = {
    Seed = 1
    Precision = {
        Precision.Double with
            Coefficients = 2
    }
    Nodes = [|
        Argument
        Apply(Operation.each "claimed" (CustomOp.elementwise "claimed" value derivative) reference, [| 0 |])
    |]
    Output = 1
    Shape = [| 2 |]
    Point = point
    Directions = [| [| 1.0; 0.0 |] |]
}

[<Fact>]
let ``a derivative that is off by 1e-13 of itself is noticed, and the right one is not`` () =
    let right = single sin cos Entry.sin [| 0.7; -0.4 |]
    let wrong = single sin (fun x -> cos x * (1.0 + 1e-13)) Entry.sin [| 0.7; -0.4 |]
    Assert.Empty((Judge.judge right).Differences)
    Assert.NotEmpty((Judge.judge wrong).Differences)

[<Fact>]
let ``a value that is off, a wrong sign of infinity and a number for NaN are noticed`` () =
    let differs value reference point =
        Assert.NotEmpty((Judge.judge (single value cos reference point)).Differences)

    differs (fun x -> sin x + 1e-14) Entry.sin [| 0.7; -0.4 |]
    differs (fun x -> -(log x)) Entry.log [| 0.0; 1.0 |]
    differs (fun x -> max 0.0 (log x)) Entry.log [| -1.0; 1.0 |]

[<Fact>]
let ``a failing composition is made small`` () =
    let wrong =
        Operation.each "wrong" (CustomOp.elementwise "wrong" sin (fun x -> 1.001 * cos x)) Entry.sin

    let doubled =
        Operation.each "twice" (fun x -> x * 2.0) (fun p -> Entry.scaled p 2.0)

    let c = {
        single sin cos Entry.sin [| 0.3; 0.25 |] with
            Nodes = [|
                Argument
                Apply(doubled, [| 0 |])
                Apply(wrong, [| 1 |])
                Apply(doubled, [| 2 |])
            |]
            Output = 3
    }

    let smallest = Shrink.smallest (fun c -> (Judge.judge c).Differences.Count > 0) c
    Assert.Equal(2, (Composition.needed smallest).Length)
