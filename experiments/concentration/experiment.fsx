// Locked in near the equilibrium: the bounds of Theorems 1 and 2 against the share of ten thousand runs.
#load "../Plane.fsx"
#load "../../games/duopoly.fsx"

open System
open Stackelberg
open Stackelberg.Figures
open Stackelberg.Kernels
open Plane

// Runs that are kept step by step at once.
let together = 250

// Where the runs begin: so far from the equilibrium, and the follower so far from its answer, at most.
let gap = 0.1

// The box whose constants the bounds take: the runs keep well inside.
let reach = 0.75

let leading = Rule.stackelberg Conjecture.bestResponse

/// c k^(−p) for both players, the follower's slower to fade.
let fading (s: SettingValues) =
    Rate.power (s.Double "leader") 0.9, Rate.power (s.Double "follower") 0.6

let box (centre: float[]) (radius: float) =
    Tensor.ofArray (centre |> Array.map (fun x -> x - radius)),
    Tensor.ofArray (centre |> Array.map (fun x -> x + radius))

/// The equilibrium, and the slope of the follower's answer there.
let equilibrium (run: ExperimentRun) =
    match run.Points Concept.Stackelberg with
    | [| report |] ->
        let J = (Game.J run.Game report.Point).ToArray()
        report.Point.ToArray(), -J[2] / J[3]
    | reports -> failwith $"The duopoly has {reports.Length} Stackelberg points where one was expected."

let problem constants rates fromStep horizon radius : ConcentrationProblem = {
    Constants = constants
    LeaderRate = fst rates
    FollowerRate = snd rates
    Radius = radius
    FromStep = fromStep
    FollowerGap = gap
    LeaderGap = gap
    Horizon = horizon
}

/// Starts in the ball that the theorems ask for: x₁ within the gap of x₁*, x₂ within the gap of the answer to x₁.
let starts (random: Philox) (centre: float[]) slope =
    let drawn = Array.zeroCreate<float>(2 * together)
    random.FillUniform(drawn, 0, drawn.Length)

    Array.init together (fun k ->
        let x = gap * (2.0 * drawn[2 * k] - 1.0)
        let y = gap * (2.0 * drawn[2 * k + 1] - 1.0)
        [| centre[0] + x; centre[1] + slope * x + 0.5 * y |])

/// For every bound how many runs keep within its radius from the step where it begins to the horizon: follower, leader.
let locked
    (run: ExperimentRun)
    (rates: Rate * Rate)
    fromStep
    horizon
    (bounds: (float * ConcentrationBound) list)
    =
    let s = run.Settings
    let centre, slope = equilibrium run
    let seeds = s.Int "seeds"
    let random = Philox(run.Seed, uint64 fromStep)
    let counts = bounds |> List.map (fun _ -> [| 0; 0 |])

    // The run's step k is step n₀ + k of the rates.
    let later (rate: Rate) =
        Rate.ofFunction (fun k -> rate.At(fromStep + k))

    for chunk in 0 .. (seeds + together - 1) / together - 1 do
        run.Cancellation.ThrowIfCancellationRequested()
        run.Context.Report($"runs from step {fromStep}", float (chunk * together) / float seeds)

        let settings = {
            Learn.settings with
                Steps = horizon - fromStep
                Rates = [ later (fst rates); later (snd rates) ]
                Noise = Noise.gaussian (s.Double "noise")
                RecordEvery = 1
                Seed = run.Seed + uint64 (chunk * together)
        }

        let batch =
            starts random centre slope
            |> Array.concat
            |> Tensor.ofArray
            |> Tensor.reshape [ together; 2 ]

        let runs = run.Game |> Ensemble.run leading settings batch

        for k in 0 .. min together (seeds - chunk * together) - 1 do
            let gapOf player (points: float[]) =
                let x, y = points[2 * k] - centre[0], points[2 * k + 1] - centre[1]
                if player = 0 then abs (y - slope * x) else abs x

            for player in 0..1 do
                let gaps =
                    Array.init (horizon - fromStep + 1) (fun row -> gapOf player (runs.Points row))

                for (radius, bound), count in List.zip bounds counts do
                    let from = (if player = 0 then bound.Follower else bound.Leader).LockedFrom
                    let outside = Array.FindLastIndex(gaps, fun gap -> gap > radius)

                    if outside < max 0 (from - fromStep) then
                        count[player] <- count[player] + 1

    counts |> List.map (Array.map (fun n -> float n / float seeds))

/// A bound and what was measured.
type Row = {
    FromStep: int
    Radius: float
    Bound: ConcentrationBound
    Share: float[]
}

let rows = ResizeArray<Row>()

let players = [ "follower", 0; "leader", 1 ]

let part (row: Row) player =
    if player = 0 then row.Bound.Follower else row.Bound.Leader

let study (run: ExperimentRun) =
    let s = run.Settings
    let centre, _ = equilibrium run
    let rates = fading s

    let constants =
        Concentration.constants
            (Noise.gaussian (s.Double "noise"))
            (run.Game |> Assumptions.inBox 200 (box centre reach))
            run.Game

    rows.Clear()

    for fromStep in s.Ints "from" do
        let horizon = fromStep + s.Int "steps"

        let bounds = [
            for radius in s.Doubles "radius" do
                radius, Concentration.bound (problem constants rates fromStep horizon radius)
        ]

        let shares = locked run rates fromStep horizon bounds

        for (radius, bound), share in List.zip bounds shares do
            rows.Add {
                FromStep = fromStep
                Radius = radius
                Bound = bound
                Share = share
            }

            for player, index in players do
                let name = FormattableString.Invariant $"from{fromStep}/within{radius}/{player}"
                let of' = part rows[rows.Count - 1] index
                run.Found($"{name}/bound", max 0.0 of'.Probability)
                run.Found($"{name}/sharp", max 0.0 of'.SharpProbability)
                run.Found($"{name}/measured", share[index])

    let pairs = [
        for row in rows do
            for _, index in players -> part row index, row.Share[index]
    ]

    let count which =
        pairs |> List.filter which |> List.length |> float

    run.Found("pairs", float pairs.Length)
    run.Found("broken", count (fun (bound, share) -> bound.IsApplicable && share < bound.SharpProbability))
    run.Found("applicable", count (fun (bound, _) -> bound.IsApplicable))
    run.Found("telling", count (fun (bound, _) -> bound.IsApplicable && bound.SharpProbability > 0.5))

    // With constant rates the sums diverge: nothing holds for ever.
    let constant =
        Concentration.bound (
            problem
                constants
                (Rate.constant 1e-4, Rate.constant 1e-2)
                0
                (s.Int "steps")
                (Array.max (s.Doubles "radius"))
        )

    run.Found(
        "constantRates/void",
        if constant.Leader.ProbabilityForEver > 0.0 then
            0.0
        else
            1.0
    )

    if constant.Leader.ProbabilityForEver <= 0.0 then
        run.Context.Note "With constant rates the bounds are void: their sums over all steps diverge."

let picture (run: ExperimentRun) =
    let fromSteps = rows |> Seq.map _.FromStep |> Seq.distinct |> Array.ofSeq

    let panel (player, index) =
        let lines =
            fromSteps
            |> Array.indexed
            |> Array.collect (fun (k, fromStep) ->
                let mine = rows |> Seq.filter (fun row -> row.FromStep = fromStep) |> Array.ofSeq
                let radii = mine |> Array.map _.Radius
                let colour = Palette.At k

                let line values label dash : Series =
                    Line(radii, Array.map values mine, Label = label, Colour = colour, Dash = dash)

                [|
                    line (fun row -> row.Share[index]) $"measured, n_{{0}} = {fromStep}" Dash.Solid
                    line
                        (fun row ->
                            let of' = part row index

                            if of'.IsApplicable then
                                max 0.0 of'.SharpProbability
                            else
                                nan)
                        $"bound with exact tails, n_{{0}} = {fromStep}"
                        Dash.Dashed
                    line
                        (fun row ->
                            let of' = part row index
                            if of'.IsApplicable then max 0.0 of'.Probability else nan)
                        $"bound as printed, n_{{0}} = {fromStep}"
                        Dash.Dotted
                |])

        Panel(
            lines,
            Title =
                (if index = 0 then
                     "Follower: Theorem 1"
                 else
                     "Leader: Theorem 2"),
            X = Axis("radius ε", Log = true),
            Y = Axis("probability", Min = Nullable 0.0, Max = Nullable 1.0)
        )

    let seeds = run.Settings.Int "seeds"

    Figure(
        [| for player in players -> panel player |],
        SharedLegend = true,
        Caption =
            $"Measured: the share of {seeds} runs that stay within ε from the bound's step to the horizon; a theorem holds where its line is not above. The source has no such figure."
    )

let concentration =
    experiment "concentration" {

        source
            "Fiez, Chasnov, Ratliff (arXiv 1906.01217), Theorems 1 and 2; the game is that of section 4.1, rates and noise are chosen here"

        version 1
        setting "noise" 0.3 (SettingType.Above 0.0) "standard deviation of the noise on both gradients"
        setting "leader" 0.3 (SettingType.Above 0.0) "the leader's rate is so much times k^(-0.9)"
        setting "follower" 0.5 (SettingType.Above 0.0) "the follower's rate is so much times k^(-0.6)"

        setting
            "from"
            "1000,3000,10000"
            (SettingType.RisingWhole())
            "n0: the steps at which the runs are near the equilibrium"

        setting
            "radius"
            "0.05,0.1,0.15,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9,0.95"
            (SettingType.Rising(SettingType.Between(0.0, 1.0)))
            "ε: how near is locked in"

        setting "steps" 10000 (SettingType.Whole(1, 1_000_000)) "steps from n0 to the horizon"
        setting "seeds" 10000 (SettingType.Whole(1, 1_000_000)) "runs from each n0"
        headlines [ "broken"; "applicable"; "telling" ]
        game Duopoly.duopoly
        find Concept.Stackelberg ([ 0.0 ], [ 100.0 ])
        compute study
        draw [ Picture.create "concentration" picture ]
    }
