// One leader over 1, 2, 5 and 10 followers, at once and in chains: noisy runs come to the equilibrium.
#load "../Plane.fsx"
#load "../../games/cournot.fsx"

open System
open Stackelberg
open Stackelberg.Figures
open Plane

let demand, leaderCost, cost = 100.0, 5.0, 2.0

/// An order of play: its name, its game, its rates, its equilibrium in closed form.
type Order = {
    Key: string
    Title: string
    Game: Game
    Rates: Rate list
    Equilibrium: float[]
}

/// c times scale times k^(−p), reached over so many steps that no step is larger than 1/4. The curvature that a firm sees
/// along the answers below it is 2/c: with scale above ½ the start is forgotten as fast as the noise allows.
let fading (scale: float) (c: float) p =
    let first = Math.Ceiling(Math.Pow(4.0 * c * scale, 1.0 / p))
    Rate.power (c * scale) p |> Rate.warmUp (max 1 (int first))

/// The leader over so many followers who play at once: the leader's rate fades faster (appendix F.2).
let atOnce (scale: float) count = {
    Key = $"together/{count}"
    Title =
        if count = 1 then
            "1 follower"
        else
            $"{count} followers at once"
    Game = Cournot.oligopoly "leader and followers" [ [ leaderCost ]; List.replicate count cost ]
    Rates =
        fading scale (float (count + 1) / 2.0) 1.0
        :: List.replicate count (fading scale (2.0 / float (count + 1)) (2.0 / 3.0))
    Equilibrium =
        let q = (demand - float (count + 1) * leaderCost + float count * cost) / 2.0
        Array.append [| q |] (Array.create count ((demand - cost - q) / float (count + 1)))
}

/// A chain: every follower leads the next. The rates fade the slower the lower the level, all of them the faster than k^(-1/2)
/// (appendix F.1).
let inTurn (scale: float) count =
    let levels = count + 1

    // By backward induction.
    let equilibrium =
        let costs = leaderCost :: List.replicate count cost |> Array.ofList
        let q = Array.zeroCreate levels

        for i in 0 .. levels - 1 do
            let left = demand - Array.sum q[.. i - 1]
            let below = costs[i + 1 ..]
            // The price is (left + Σ 2^(m−1−j) c_j)/2^m, of the m firms below, the next one first.
            let weights = below |> Array.mapi (fun j _ -> 2.0 ** float (below.Length - 1 - j))
            let weighed = Array.sum (Array.map2 (*) weights below)
            q[i] <- (left + weighed - (Array.sum weights + 1.0) * costs[i]) / 2.0

        q

    {
        Key = $"chain/{count}"
        Title =
            if count = 1 then
                "1 follower"
            else
                $"chain of {count} followers"
        Game = Cournot.oligopoly "chain" ([ leaderCost ] :: List.replicate count [ cost ])
        Rates = [
            for level in 0 .. levels - 1 do
                let exponent = 1.0 - 0.4 * float level / float count
                fading scale (2.0 ** float (count - level - 1)) exponent
        ]
        Equilibrium = equilibrium
    }

let orders (s: SettingValues) =
    let scale = s.Double "scale"

    [
        for count in s.Ints "followers" do
            atOnce scale count
        for count in s.Ints "chains" do
            inTurn scale count
    ]

/// The distances of all runs from the equilibrium, by recorded step.
let distances (order: Order) (runs: EnsembleRun) =
    let d = order.Game.Dimension

    Array.init runs.RecordedSteps.Length (fun row ->
        let points = runs.Points row

        Array.init runs.Count (fun k ->
            sqrt (Seq.sum (Seq.init d (fun i -> (points[k * d + i] - order.Equilibrium[i]) ** 2.0)))))

type Result = {
    Order: Order
    Steps: int[]
    Distances: float[][]
}

let results = ResizeArray<Result>()

let quantile (share: float) (values: float[]) =
    let sorted = Array.sort values
    sorted[int (share * float (sorted.Length - 1))]

let play (run: ExperimentRun) =
    let s = run.Settings
    let seeds, steps = s.Int "seeds", s.Int "steps"
    let all = orders s
    results.Clear()

    for index, order in List.indexed all do
        run.Cancellation.ThrowIfCancellationRequested()
        run.Context.Report(order.Title, float index / float all.Length)

        let settings = {
            Learn.settings with
                Steps = steps
                Rates = order.Rates
                Noise = Noise.gaussian (s.Double "noise")
                RecordEvery = max 1 (steps / 200)
                Seed = run.Seed
                Cancellation = run.Cancellation
        }

        let d = order.Game.Dimension

        let start =
            Array.create (seeds * d) (s.Double "start")
            |> Tensor.ofArray
            |> Tensor.reshape [ seeds; d ]

        let runs =
            order.Game
            |> Ensemble.run (Rule.stackelberg Conjecture.bestResponse) settings start

        let found = distances order runs
        let last = Array.last found
        let radius = s.Double "radius"

        results.Add {
            Order = order
            Steps = runs.RecordedSteps
            Distances = found
        }

        run.Context.Series(order.Key, Array.concat found, seeds)
        let name = order.Key

        match Equilibrium.find Concept.Stackelberg (Tensor.ofArray order.Equilibrium) order.Game with
        | Ok report ->
            let off =
                Array.map2 (-) (report.Point.ToArray()) order.Equilibrium
                |> Array.map abs
                |> Array.max

            run.Found($"{name}/closedForm", off)

            run.Found(
                $"{name}/isStackelberg",
                if report.IsDifferentialStackelberg = Verdict.Yes then
                    1.0
                else
                    0.0
            )
        | Error failure -> run.Context.Note $"{order.Title}: no equilibrium was found, {failure}."

        run.Found(
            $"{name}/within",
            last
            |> Array.filter (fun x -> x <= radius)
            |> Array.length
            |> (fun n -> float n / float seeds)
        )

        run.Found($"{name}/median", quantile 0.5 last)
        run.Found($"{name}/shrinks", quantile 0.5 last / quantile 0.5 found[found.Length / 4])

let picture (run: ExperimentRun) =
    let panel title which =
        let lines =
            results
            |> Seq.filter which
            |> Seq.indexed
            |> Seq.collect (fun (k, result) ->
                let of' share =
                    result.Distances |> Array.map (quantile share)

                let x = result.Steps |> Array.map (fun step -> float (max 1 step))

                [
                    Band(x, of' 0.1, of' 0.9, Colour = Palette.At k) :> Series
                    Line(x, of' 0.5, Label = result.Order.Title, Colour = Palette.At k)
                ])
            |> Array.ofSeq

        Panel(
            lines,
            Title = title,
            X = Axis("step", Log = true),
            Y = Axis("distance from the equilibrium", Log = true)
        )

    let isChain (result: Result) =
        result.Order.Key.StartsWith("chain", StringComparison.Ordinal)

    let seeds = run.Settings.Int "seeds"

    Figure(
        [|
            panel "Followers at once, two time scales" (isChain >> not)
            panel "Chains, a time scale for each level" isChain
        |],
        Caption =
            $"Median of {seeds} runs, with the middle four fifths of them. The source has no such figure: its appendix F states the convergence."
    )

let followers =
    experiment "followers" {

        source
            "Fiez, Chasnov, Ratliff (arXiv 1906.01217), appendices F.1 and F.2; the game is Cournot's, its equilibria by backward induction"

        version 1

        setting
            "followers"
            "1,2,5,10"
            (SettingType.RisingWhole(1, 100))
            "numbers of followers who play at once"

        setting "chains" "1,2,3,5" (SettingType.RisingWhole(1, 20)) "numbers of followers in a chain"
        setting "noise" 3.0 (SettingType.AtLeast 0.0) "standard deviation of the noise on every gradient"
        setting "scale" 1.0 (SettingType.Above 0.0) "all rates are multiples of it"
        setting "start" 10.0 SettingType.Number "every firm's first quantity"
        setting "radius" 2.0 (SettingType.Above 0.0) "how near the equilibrium is reached"
        setting "steps" 20000 (SettingType.Whole(1, 10_000_000)) "steps of each run"
        setting "seeds" 1000 (SettingType.Whole(1, 1_000_000)) "runs of each order of play"
        compute play
        draw [ Picture.create "followers" picture ]
    }
