module Stackelberg.Dsl.Tests.CultureTests

open System.Globalization
open Stackelberg
open Xunit

/// A culture that writes 0.5 as 0,5, without the machine's own tables of cultures.
let private comma =
    let culture = CultureInfo.InvariantCulture.Clone() :?> CultureInfo
    culture.NumberFormat.NumberDecimalSeparator <- ","
    culture.NumberFormat.NumberGroupSeparator <- "."
    culture.NumberFormat.NegativeSign <- "\u2212"
    culture

let private under culture f =
    let old = CultureInfo.CurrentCulture
    CultureInfo.CurrentCulture <- culture

    try
        f ()
    finally
        CultureInfo.CurrentCulture <- old

let private names () = [|
    for rule in Rule.all do
        rule.Name

    (Rule.lola 0.5).Name
    (Rule.momentum -0.2).Name
    (Rule.ttur 2.5).Name
    (Rule.penalty 2.5 3 0.1).Name
    string (Conjecture.regularized 0.5)
    string (Conjecture.lookAhead 0.25)
    string (Conjecture.unrolled 3 0.25)
    string (Conjecture.gradientStep 0.25)
    (Rule.preconditioned [ Preconditioner.adam ] Rule.simultaneous).Name
    (Rule.preconditioned [ Preconditioner.momentum 0.9 ] Rule.simultaneous).Name
    string (Rate.power 1.0 0.5)
    string (Rate.exponential 0.5 0.25)
    string (Rate.constant 0.5)
|]

[<Fact>]
let ``names are the same in every culture`` () =
    Assert.Equal<string[]>(names (), under comma names)
    Assert.Equal(Conjecture.regularized 0.5, under comma (fun () -> Conjecture.regularized 0.5))

[<Fact>]
let ``a run saved in one culture goes on in another, to the same bits`` () =
    let game =
        Game.twoPlayer "g" (fun x y -> (x + 1.5) ** 2.0 + x * y) (fun x y -> (y + 2.0) ** 2.0 - 0.1 * x * y)

    let start () =
        Learn.start (Rule.lola 0.5) Learn.settings (Tensor.ofList [ 1.0; 1.0 ]) game

    let whole = start ()
    whole.Advance 10

    let state =
        let learning = start ()
        learning.Advance 5
        learning.Save()

    under comma (fun () ->
        let resumed = Learn.resume (Rule.lola 0.5) Learn.settings state game
        resumed.Advance 5
        Assert.Equal<float[]>(whole.X, resumed.X))
