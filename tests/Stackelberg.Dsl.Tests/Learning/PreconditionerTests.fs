module Stackelberg.Dsl.Tests.PreconditionerTests

open FsCheck
open FsCheck.FSharp
open Stackelberg
open Xunit
open Stackelberg.Tests

/// What a preconditioner makes of a sequence of directions, one number each, of a player who is at some place.
let private responsesAt (place: float) (preconditioner: Preconditioner) (directions: float[]) =
    let mutable memory: Tensor[] = preconditioner.Memory 1 |> Array.map snd

    directions
    |> Array.mapi (fun k g ->
        let struct (direction, after) =
            preconditioner.Apply(
                {
                    Uses = Tensor.scalar (float (k + 1))
                    From = Tensor.ofList [ place ]
                    Rate = Tensor.scalar 0.1
                    SquareOfAll = lazy (Tensor.scalar (g * g))
                },
                memory,
                Tensor.ofList [ g ]
            )

        memory <- after
        direction.ToArray()[0])

let private responses = responsesAt 0.0

[<Fact>]
let ``responses to directions 1, 2, -1, by hand`` () =
    let g = [| 1.0; 2.0; -1.0 |]
    Check.close 1e-15 g (responses Preconditioner.plain g)
    Check.close 1e-15 [| 1.0; 2.5; 0.25 |] (responses (Preconditioner.momentum 0.5) g)

    // v = 0.5, 2.25, 1.625.
    Check.close
        1e-7
        [| 1.0 / sqrt 0.5; 2.0 / sqrt 2.25; -1.0 / sqrt 1.625 |]
        (responses (Preconditioner.rmsProp 0.5) g)

    // The same over 1 − 0.5ᵏ = 0.5, 0.75, 0.875.
    Check.close
        1e-7
        [| 1.0; 2.0 / sqrt 3.0; -1.0 / sqrt (1.625 / 0.875) |]
        (responses (Preconditioner.correctedRmsProp 0.5) g)

    // m = 0.5, 1.25, 0.125, corrected by the same factors.
    Check.close
        1e-15
        [| 1.0; (1.25 / 0.75) / sqrt 3.0; (0.125 / 0.875) / sqrt (1.625 / 0.875) |]
        (responses (Preconditioner.adamWith 0.5 0.5 0.0) g)

    // The greatest v is 2.25 from the second direction on.
    Check.close
        1e-15
        [| 1.0; (1.25 / 0.75) / sqrt 3.0; (0.125 / 0.875) / sqrt (2.25 / 0.875) |]
        (responses (Preconditioner.amsGradWith 0.5 0.5 0.0) g)

[<Fact>]
let ``decay is added to what another preconditioner makes of a direction, and clipping comes before it`` () =
    let g = [| 1.0; 2.0; -1.0 |]
    let adam = Preconditioner.adamWith 0.5 0.5 0.0
    let plain = responses adam g

    Check.close
        1e-15
        (plain |> Array.map (fun direction -> direction + 0.1 * 3.0))
        (responsesAt 3.0 (adam |> Preconditioner.decayed 0.1) g)

    Check.close
        0.0
        (responsesAt 3.0 (Preconditioner.adam |> Preconditioner.decayed 0.01) g)
        (responsesAt 3.0 (Preconditioner.adamW 0.01) g)

    for clipped in [ Preconditioner.clipped; Preconditioner.clippedJointly ] do
        Check.close 1e-15 [| 1.0; 1.5; -1.0 |] (responses (clipped 1.5 Preconditioner.plain) g)

        Check.close 1e-15 (responses adam [| 1.0; 1.5; -1.0 |]) (responses (adam |> clipped 1.5) g)

[<Fact>]
let ``clipping by each player's norm and by that of all`` () =
    let x, y = Player.vector "x" 2, Player.scalar "y"

    // ω = (3, 4, 12) at the origin.
    let slopes =
        Game.simultaneous "slopes" [
            (x, (fun q -> Tensor.sum (Tensor.ofList [ 3.0; 4.0 ] * q[x])))
            (y, (fun q -> 12.0 * q[y]))
        ]

    let after rule =
        let run =
            slopes
            |> Learn.run
                rule
                {
                    Learn.settings with
                        Steps = 1
                        Rates = [ Rate.constant 1.0 ]
                }
                (Tensor.zeros [ 3 ])

        run.Final.ToArray()

    let clipped clip rule =
        after (Rule.preconditioned [ Preconditioner.plain |> clip ] rule)

    Check.close 1e-15 [| -3.0; -4.0; -6.0 |] (clipped (Preconditioner.clipped 6.0) Rule.simultaneous)
    // ‖ω‖ = 13.
    Check.close 1e-15 [| -1.5; -2.0; -6.0 |] (clipped (Preconditioner.clippedJointly 6.5) Rule.simultaneous)
    Check.close 0.0 [| -3.0; -4.0; -12.0 |] (clipped (Preconditioner.clippedJointly 13.0) Rule.simultaneous)
    // One player at a time.
    Check.close 1e-15 [| -3.0; -4.0; -6.0 |] (clipped (Preconditioner.clippedJointly 6.0) Rule.alternating)

[<Fact>]
let ``decay pulls to the origin at the player's rate, and a step that does not say from where is told`` () =
    let flat =
        Game.twoPlayer "flat" (fun x y -> 0.0 * (x + y)) (fun x y -> 0.0 * (x + y))

    let settings = {
        Learn.settings with
            Steps = 3
            Rates = [ Rate.constant 0.1; Rate.constant 0.2 ]
    }

    let final rule =
        (flat |> Learn.run rule settings (Tensor.ofList [ 1.0; -2.0 ])).Final.ToArray()

    let decaying = Preconditioner.plain |> Preconditioner.decayed 0.5

    for rule in [ Rule.simultaneous; Rule.alternating ] do
        Check.close 1e-15 [| 0.95 ** 3.0; -2.0 * 0.9 ** 3.0 |] (final (Rule.preconditioned [ decaying ] rule))

    let own precondition =
        Rule.create "own" "here" (fun s x -> s.Project(x - s.Rate * precondition s x))
        |> Rule.preconditioned [ decaying ]

    let told = own (fun s x -> s.Precondition(x, s.Omega x))
    Check.close 1e-15 [| 0.95 ** 3.0; -2.0 * 0.9 ** 3.0 |] (final told)

    let error =
        Assert.Throws<System.InvalidOperationException>(fun () ->
            final (own (fun s x -> s.Precondition(s.Omega x))) |> ignore)

    Assert.Equal(
        "The step of own with plain with decay 0.5: plain with decay 0.5 lets strategies decay, but s.Precondition g does not say from where; write s.Precondition(x, g).",
        error.Message
    )

[<Fact>]
let ``Adam's response does not depend on the directions' scale`` () =
    let directions =
        ArbMap.defaults
        |> ArbMap.generate<NormalFloat>
        |> Gen.map (fun (NormalFloat x) -> sin x + 2.0)
        |> Gen.arrayOfLength 6
        |> Arb.fromGen

    Prop.forAll directions (fun g ->
        let adam = Preconditioner.adamWith 0.9 0.999 0.0
        let plain, scaled = responses adam g, responses adam (Array.map ((*) 1024.0) g)
        Check.close 1e-14 plain scaled)
    |> Law.holds

[<Fact>]
let ``each player has its own preconditioner, and every one composes with every rule`` () =
    let duopoly = TestGames.duopoly.Game
    let x = Tensor.ofList [ 10.0; 20.0 ]

    let rule =
        Rule.simultaneous
        |> Rule.preconditioned [ Preconditioner.adam; Preconditioner.plain ]

    let run = duopoly |> Learn.run rule { Learn.settings with Steps = 1 } x
    let omega = (Game.omega duopoly x).ToArray()
    // Adam's first step is the sign, up to ε over the direction.
    Check.close 1e-9 [| 10.0 - 0.1 * float (sign omega[0]); 20.0 - 0.1 * omega[1] |] (run.Final.ToArray())

    // Preconditioned by nothing, a rule's steps keep their bits; by anything else, they are others.
    for rule in Rule.all |> Array.filter (fun rule -> rule.Preconditioners.Length = 0) do
        let final rule =
            let run = duopoly |> Learn.run rule { Learn.settings with Steps = 10 } x
            Assert.True(run.Outcome.IsOutOfSteps, run.ToString())
            run.Final.ToArray()

        for preconditioner in Preconditioner.all do
            let preconditioned = final (Rule.preconditioned [ preconditioner ] rule)

            if preconditioner.Name = Preconditioner.plain.Name then
                Assert.Equal<float[]>(final rule, preconditioned)
            else
                Assert.NotEqual<float[]>(final rule, preconditioned)

[<Fact>]
let ``in alternating play each player's preconditioner remembers its own directions alone`` () =
    let duopoly = TestGames.duopoly.Game
    let momentum = Rule.preconditioned [ Preconditioner.momentum 0.5 ] Rule.alternating

    let run =
        duopoly
        |> Learn.run momentum { Learn.settings with Steps = 2 } (Tensor.ofList [ 10.0; 20.0 ])

    let gradient i a b =
        (Game.omega duopoly (Tensor.ofList [ a; b ])).ToArray()[i]

    let a, b = gradient 0 10.0 20.0, gradient 1 (10.0 - 0.1 * gradient 0 10.0 20.0) 20.0
    let x1, x2 = 10.0 - 0.1 * a, 20.0 - 0.1 * b
    let y1 = x1 - 0.1 * (gradient 0 x1 x2 + 0.5 * a)
    Check.close 1e-13 [| y1; x2 - 0.1 * (gradient 1 y1 x2 + 0.5 * b) |] (run.Final.ToArray())

[<Fact>]
let ``wrong preconditioners are told`` () =
    let duopoly = TestGames.duopoly.Game

    Assert.Equal(
        "Learn.run: rule holds 3 preconditioners, but 1 (for all players) or 2 (one for each of x1, x2) are needed.",
        Check.argumentMessage (fun () ->
            duopoly
            |> Learn.run
                (Rule.preconditioned (List.replicate 3 Preconditioner.adam) Rule.simultaneous)
                Learn.settings
                (Tensor.ofList [ 1.0; 1.0 ])
            |> ignore)
    )

    Assert.Equal(
        "Preconditioner.adamWith: β2 is 1, but a number in [0, 1) is needed.",
        Check.argumentMessage (fun () -> Preconditioner.adamWith 0.9 1.0 1e-8 |> ignore)
    )

    for make in
        [
            fun () -> Preconditioner.clipped 0.0 Preconditioner.adam
            fun () -> Preconditioner.clippedJointly nan Preconditioner.adam
            fun () -> Preconditioner.decayed -1.0 Preconditioner.adam
            fun () -> Preconditioner.adamW infinity
        ] do
        Assert.Contains(" is needed.", Check.argumentMessage (make >> ignore))

let private onSimplex total dimension =
    Player.vector "x" dimension |> Player.within (ConvexSet.Simplex total)

let private mirrored player cost (rates: Rate list) steps start =
    Game.simultaneous "on a simplex" [ player, cost ]
    |> Learn.run
        (Rule.simultaneous |> Rule.preconditioned [ Preconditioner.entropic ])
        {
            Learn.settings with
                Steps = steps
                Rates = rates
        }
        (Tensor.ofArray start)

[<Fact>]
let ``mirror steps multiply by the exponential of the gradient`` () =
    let x = onSimplex 1.0 2
    let slope = Tensor.ofList [ 0.0; log 2.0 ]

    let once =
        mirrored x (fun q -> Tensor.dot slope q[x]) [ Rate.constant 1.0 ] 1 [| 0.5; 0.5 |]

    Check.close 1e-15 [| 2.0 / 3.0; 1.0 / 3.0 |] (once.Final.ToArray())

[<Fact>]
let ``k mirror steps along a constant slope weigh by the exponential of k slopes, whatever is added to it``
    ()
    =
    let γ, steps = 0.2, 5

    let holds (seed: NonNegativeInt) =
        let numbers = TestGames.normals seed.Get 9
        let slope, raw = Array.take 4 numbers, Array.skip 5 numbers |> Array.map exp
        let total = exp numbers[4]
        let start = raw |> Array.map (fun value -> total * value / Array.sum raw)
        let x = onSimplex total 4

        let weights = Array.map2 (fun x g -> x * exp (-γ * float steps * g)) start slope

        let expected = weights |> Array.map (fun value -> total * value / Array.sum weights)

        for shift in [ 0.0; 1e6 ] do
            let along = slope |> Array.map ((+) shift) |> Tensor.ofArray

            let run =
                mirrored x (fun q -> Tensor.dot along q[x]) [ Rate.constant γ ] steps start

            Check.close (1e-8 * total) expected (run.Final.ToArray())

    FsCheck.Check.One(
        Config.QuickThrowOnFailure.WithName("mirror steps"),
        Prop.forAll (ArbMap.defaults |> ArbMap.arbitrary<NonNegativeInt>) holds
    )

[<Fact>]
let ``mirror steps settle a strongly convex cost at the point that projected steps find`` () =
    let x = onSimplex 1.0 3
    let target = Tensor.ofList [ 0.6; 0.3; 0.4 ]

    let cost (q: Strategies) =
        0.5 * Tensor.dot (q[x] - target) (q[x] - target)

    let run = mirrored x cost [ Rate.constant 0.5 ] 2000 [| 0.2; 0.3; 0.5 |]

    // The projection of the target: 0.1 less of each.
    Check.close 1e-9 [| 0.5; 0.2; 0.3 |] (run.Final.ToArray())

[<Fact>]
let ``mirror steps are refused where there is no simplex`` () =
    let x = Player.vector "x" 2

    let message =
        Check.argumentMessage (fun () ->
            mirrored x (fun q -> Tensor.sum q[x]) [ Rate.constant 0.1 ] 1 [| 0.5; 0.5 |]
            |> ignore)

    Assert.Contains(
        "entropic mirror multiplies the entries of a strategy on a simplex, but x is on none",
        message
    )
