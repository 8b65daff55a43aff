/// Conjectures of many believed steps: written out up to some number, a loop beyond it, with the same numbers.
module Stackelberg.Dsl.Tests.UnrolledTests

open System
open Stackelberg
open Stackelberg.Dsl.Tests.TestGames
open Xunit

/// Around the border between both forms.
let counts = TheoryData<int>([ 1; 2; 16; 17; 100; 1000 ])

let private γ = 0.01

[<Theory; MemberData(nameof counts)>]
let ``the duopoly's field and its Jacobian have their closed form for any number of steps`` (k: int) =
    // y⁺ = y + γ (98 − x − 2 y) has y* = (98 − x)/2 and contracts by 1 − 2γ.
    let q = (1.0 - 2.0 * γ) ** float k
    let x, y = 10.0, 20.0
    let r = q * y + (1.0 - q) * (98.0 - x) / 2.0
    let slope = -(1.0 - q) / 2.0
    let field = Game.field (Conjecture.unrolled k γ) duopoly.Game
    let at = Tensor.ofList [ x; y ]
    Check.close 1e-12 [| 2.0 * x + r - 95.0 + slope * x; x + 2.0 * y - 98.0 |] ((field at).ToArray())
    let expected = [| 2.0 + 2.0 * slope; q; 1.0; 2.0 |]
    Check.close 1e-11 expected ((Diff.jacobian field at).ToArray())
    Check.close 1e-11 expected ((Diff.jit (Diff.jacobian field) at).ToArray())

[<Theory; MemberData(nameof counts)>]
let ``the torus' field is that of the recursions by hand`` (k: int) =
    let φ, α1, α2 = Math.PI / 8.0, 1.0, 1.3
    let x, y = 0.7, -1.1
    // D2 f2 = α2 sin (y − φ) − sin (y − x).
    let mutable r, slope = y, 0.0

    for _ in 1..k do
        let gradient = α2 * sin (r - φ) - sin (r - x)
        let byX, byY = cos (r - x), α2 * cos (r - φ) - cos (r - x)
        slope <- slope - γ * (byX + byY * slope)
        r <- r - γ * gradient

    let leading = α1 * sin (x - φ) - sin (x - r) + slope * sin (x - r)
    let own = α2 * sin (y - φ) - sin (y - x)
    let field = Game.field (Conjecture.unrolled k γ) torus.Game
    Check.close 1e-12 [| leading; own |] ((field (Tensor.ofList [ x; y ])).ToArray())

[<Fact>]
let ``the leader's program does not grow with the steps`` () =
    let size k =
        let program = (FieldProgram.OfConjecture (Conjecture.unrolled k γ) torus.Game).Value
        program.PrepareSteps + program.ApplySteps

    Assert.Equal(size 100, size 1000)

[<Fact>]
let ``many runs at once that believe in a loop do what each does alone`` () =
    let rule = Rule.stackelberg (Conjecture.unrolled 40 γ)

    let settings = {
        Learn.settings with
            Steps = 200
            Rates = [ Rate.constant 0.05 ]
    }

    let starts = [ [ 0.3; 1.0 ]; [ -2.0; 0.5 ]; [ 2.5; -2.5 ] ]

    let together =
        torus.Game
        |> Ensemble.run rule settings (Tensor.stack 0 (List.map Tensor.ofList starts))

    starts
    |> List.iteri (fun i start ->
        let alone = torus.Game |> Learn.run rule settings (Tensor.ofList start)
        Check.close 1e-12 (alone.Final.ToArray()) ((together.Final[i]).ToArray()))
