module Stackelberg.Dsl.Tests.RateTests

open Stackelberg
open Xunit

let private values steps (rate: Rate) =
    Array.init steps (fun i -> rate.At(i + 1))

[<Fact>]
let ``a warm-up grows evenly to the schedule it is put before`` () =
    Check.close 1e-16 [| 0.025; 0.05; 0.075; 0.1; 0.1; 0.1 |] (values 6 (Rate.constant 0.1 |> Rate.warmUp 4))

    Check.close 1e-16 [| 0.5; 0.5; 1.0 / 3.0 |] (values 3 (Rate.power 1.0 1.0 |> Rate.warmUp 2))

[<Fact>]
let ``a cosine falls from the first rate to the last, and stays or begins anew`` () =
    let r = sqrt 0.5
    let half = [| 1.1; 0.1 + 0.5 * (1.0 + r); 0.6; 0.1 + 0.5 * (1.0 - r) |]
    Check.close 1e-15 (Array.append half [| 0.1; 0.1; 0.1 |]) (values 7 (Rate.cosine 1.1 0.1 4))

    Check.close
        1e-15
        (Array.concat [ half; half; [| 1.1 |] ])
        (values 9 (Rate.cosineWithRestarts 1.1 0.1 4 1))

    // Periods of 2, 4 and 8 steps.
    Check.close
        1e-15
        (Array.concat [ [| 1.1; 0.6 |]; half; [| 1.1 |] ])
        (values 7 (Rate.cosineWithRestarts 1.1 0.1 2 2))

    Check.closeNumber 1e-15 0.6 ((Rate.cosineWithRestarts 1.1 0.1 2 2).At(2 + 4 + 4 + 1))

[<Fact>]
let ``a run takes a schedule's rates step by step`` () =
    // x loses its rate's share in every step.
    let x = Player.scalar "x"
    let game = Game.simultaneous "bowl" [ (x, (fun q -> 0.5 * q[x] * q[x])) ]

    for rate in
        [
            Rate.constant 0.1 |> Rate.warmUp 5
            Rate.cosine 0.5 0.0 6
            Rate.cosineWithRestarts 0.5 0.1 3 2
        ] do
        let run =
            game
            |> Learn.run
                Rule.simultaneous
                {
                    Learn.settings with
                        Steps = 20
                        Rates = [ rate ]
                }
                (Tensor.ofList [ 1.0 ])

        let expected = values 20 rate |> Array.fold (fun x γ -> x * (1.0 - γ)) 1.0
        Check.close 1e-15 [| expected |] (run.Final.ToArray())

[<Fact>]
let ``what sums over a schedule are is known`` () =
    let warnings rate =
        let game = Game.zeroSum "g" (fun x y -> x * x - y * y + x * y)

        (game
         |> Learn.run
             Rule.simultaneous
             {
                 Learn.settings with
                     Steps = 1
                     Rates = [ rate ]
                     Noise = Noise.gaussian 0.1
             }
             (Tensor.zeros [ 2 ]))
            .Warnings

    let isFinite = Array.exists (fun (warning: RateWarning) -> warning.IsSumFinite)

    let isInfinite =
        Array.exists (fun (warning: RateWarning) -> warning.IsSquaresInfinite)

    Assert.True(isFinite (warnings (Rate.cosine 0.1 0.0 10)))
    Assert.True(isInfinite (warnings (Rate.cosine 0.1 0.01 10)))
    Assert.True(isInfinite (warnings (Rate.cosineWithRestarts 0.1 0.0 10 1)))
    Assert.False(isFinite (warnings (Rate.cosineWithRestarts 0.1 0.0 10 1)))

    Assert.Equal<RateWarning[]>(
        [||],
        warnings (Rate.power 1.0 1.0 |> Rate.warmUp 10)
        |> Array.filter (fun warning -> warning.IsSumFinite || warning.IsSquaresInfinite)
    )

[<Fact>]
let ``wrong schedules are told`` () =
    Assert.Equal(
        "Rate.warmUp: steps is 0, but at least 1 is needed.",
        Check.argumentMessage (fun () -> Rate.constant 0.1 |> Rate.warmUp 0 |> ignore)
    )

    for make in
        [
            fun () -> Rate.cosine nan 0.0 1
            fun () -> Rate.cosine 0.1 infinity 1
            fun () -> Rate.cosine 0.1 0.0 0
            fun () -> Rate.cosineWithRestarts 0.1 0.0 0 1
            fun () -> Rate.cosineWithRestarts 0.1 0.0 1 0
        ] do
        Assert.Contains(" needed", Check.argumentMessage (make >> ignore))
