namespace Stackelberg

open System
open System.Collections.Generic
open System.IO

/// An experiment that a block experiment { } describes, from the script that holds it.
[<Sealed>]
type internal PlannedExperiment(plan: ExperimentPlan, script: string, fingerprint: string) =
    inherit Experiment()

    let expected = "expected.csv"

    // Recorded points when nothing else is said: more than a figure can show, and few enough to keep.
    let mostRecorded = 2000

    // The runs do not change it, and every one of them asks.
    let gameName =
        lazy
            (match plan.Game with
             | ValueSome make ->
                 (make (SettingValues.Resolve(plan.Name, List.toArray plan.Settings, Dictionary()))).Name
             | ValueNone -> plan.Name)

    let play (run: ExperimentRun) =
        let values = run.Settings

        for concept, box in plan.Searches do
            let lower, upper = box values
            run.Find(concept, lower, upper) |> ignore

        let learning = plan.Learning values

        let rules, starts = plan.Rules values, plan.Starts values
        ExperimentPlan.needRuns rules starts

        for name, rule, index, start in ExperimentPlan.runs rules starts do
            let settings = {
                learning with
                    // Runs from several starts draw their own noise.
                    Seed =
                        if learning.Seed = 0UL then
                            run.Seed + uint64 index
                        else
                            learning.Seed
                    RecordEvery =
                        if learning.RecordEvery = 1 then
                            max 1 (learning.Steps / mostRecorded)
                        else
                            learning.RecordEvery
            }

            run.Play(name, rule, settings, List.toArray start) |> ignore

        for step in plan.Steps do
            run.Cancellation.ThrowIfCancellationRequested()
            step run

        for picture in plan.Pictures do
            run.Context.Report((invariant $"figure {picture.Name}"), 0.0)

            match picture.Draw run with
            | ValueSome figure -> run.Context.Figure(picture.Name, figure)
            | ValueNone -> ()

    override _.From(script, fingerprint) =
        PlannedExperiment(plan, script, fingerprint)

    override _.Name = plan.Name

    override _.Title =
        let heading =
            if isNull script then
                ""
            else
                (GameScripts.Title script).TrimEnd '.'

        if plan.Title <> "" then plan.Title
        elif heading <> "" then heading
        else plan.Name

    override _.Source =
        if plan.Source = "" then
            "no source is given"
        else
            plan.Source

    override _.Settings = List.toArray plan.Settings :> IReadOnlyList<Setting>
    override _.Version = max 1 plan.Version
    override _.Script = script
    override _.Fingerprint = if plan.Version > 0 then null else fingerprint
    override _.IsResumable = true
    override _.Files = List.toArray plan.Files :> IReadOnlyList<string>
    override _.Headlines = List.toArray plan.Headlines :> IReadOnlyList<string>
    override _.DefaultSeed = plan.DefaultSeed
    override _.SeedKind = plan.SeedKind
    override _.WhySeedIsUnused values = plan.WhySeedIsUnused values
    override _.Validate values = plan.Validate values

    override _.GameName = gameName.Value

    override _.Run(context, cancellation) =
        let game =
            match plan.Game with
            | ValueSome make -> make context.Settings
            | ValueNone -> Unchecked.defaultof<Game>

        play (ExperimentRun(context, game, cancellation))

    override _.ReadExpected() =
        let table =
            if isNull script then
                ExpectedTable()
            else
                ExpectedTable.ReadIfPresent(Path.Combine(Path.GetDirectoryName script, expected))

        ExpectedTable(Array.append (Seq.toArray table.Values) (List.toArray plan.Checks))
