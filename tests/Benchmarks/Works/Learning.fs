namespace Stackelberg.Benchmarks

open System
open Stackelberg
open Stackelberg.Kernels

/// The smallest steps against C by hand with the loop inside, and whole runs of Learn.run against the bare compiled step:
/// a run also measures every update, looks whether it is finite and says how it ended.
[<RequireQualifiedAccess>]
module Learning =

    let private byHand game numbers extra () =
        let folder = PeerProcess.folder ()
        PeerProcess.writeDoubles folder "start" numbers

        for name, values in extra do
            PeerProcess.writeDoubles folder name values

        PeerProcess.inC [ game; folder ]

    /// A run of many steps, of which nothing is recorded.
    let private learning (game: Game) (rates: Rate list) (start: float[]) () =
        let rule, start = Rule.stackelberg Conjecture.bestResponse, Tensor.ofArray start

        let settings steps = {
            Learn.settings with
                Steps = steps
                RecordEvery = 0
                Rates = rates
        }

        {
            new Runner with
                member _.Check() =
                    (game |> Learn.run rule (settings 10) start).Final.ToArray()

                // Every measurement begins at the start: far along the path numbers become denormal.
                member _.Run steps =
                    let going = game |> Learn.start rule (settings steps) start
                    let clock = Diagnostics.Stopwatch.StartNew()
                    going.Advance steps
                    clock.Elapsed.TotalSeconds / float steps

                member _.Dispose() = ()
        }

    let private duopoly rates =
        let a, b = Player.scalar "a", Player.scalar "b"

        let game =
            Game.create "duopoly" [
                [ (a, (fun q -> -(100.0 - q[a] - q[b] - 5.0) * q[a])) ]
                [ (b, (fun q -> -(100.0 - q[a] - q[b] - 2.0) * q[b])) ]
            ]

        learning game rates Duopoly.start

    let private covariance rates =
        let d = 3
        let sigma, V, W = Covariance.start d
        let sigma = Tensor.reshape [ d; d ] (Tensor.ofArray sigma)

        let generator, discriminator =
            Player.ofShape "V" [ d; d ], Player.ofShape "W" [ d; d ]

        let gap (V: Tensor) (W: Tensor) =
            Tensor.sum (W * (sigma - Tensor.matmul V V.T))

        let game =
            Game.create "covariance" [
                [ (generator, (fun q -> gap q[generator] q[discriminator])) ]
                [
                    (discriminator,
                     (fun q ->
                         -(gap q[generator] q[discriminator])
                         + 0.1 * float<int> d * Tensor.sum (q[discriminator] ** 2)))
                ]
            ]

        learning game rates (Array.append V W)

    let private rates = [ Rate.constant 1e-3; Rate.constant 2e-3 ]

    /// Falling ones, by so little that ten steps of them are those of constant ones.
    let private falling = [ Rate.exponential 1e-3 (1.0 - 1e-15); Rate.exponential 2e-3 (1.0 - 1e-15) ]

    let private work name peer ours theirs floor aim = {
        Work = name
        Peer = peer
        Ours = Some ours
        Theirs = theirs
        NeedsPython = false
        Floor = floor
        Aim = aim
        Tolerance = 1e-10
    }

    let works = [
        let inC = "C by hand, the loop inside"
        let bare = "our compiled step, one by one"
        let sigma, V, W = Covariance.start 3
        let cDuopoly = byHand "duopoly" Duopoly.start []
        let cCovariance = byHand "covariance" (Array.append V W) [ "sigma", sigma ]

        work "duopoly, Learn.run, a step" bare (duopoly rates) Duopoly.ours 0.9 1.2
        work "duopoly, Learn.run, falling rates" bare (duopoly falling) Duopoly.ours 0.2 0.4
        work "covariance, Learn.run, d = 3, a step" bare (covariance rates) (Covariance.ours 3) 0.77 1.0
        work "duopoly, ω_S step" inC Duopoly.ours cDuopoly 0.4 0.8
        work "duopoly, Learn.run, a step" inC (duopoly rates) cDuopoly 0.8 1.0
        work "torus, 1000 starts, one game's step" inC Torus.batched (byHand "torus" Torus.points []) 5.0 10.0
        work "covariance, ω_S step, d = 3" inC (Covariance.ours 3) cCovariance 0.8 1.0
        work "covariance, Learn.run, d = 3, a step" inC (covariance rates) cCovariance 0.8 1.0
    ]
