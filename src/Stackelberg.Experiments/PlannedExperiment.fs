namespace Stackelberg

open System
open System.Collections.Generic
open System.IO

/// An experiment that a block experiment { } describes, from the script that holds it.
[<Sealed>]
type internal PlannedExperiment(plan: ExperimentPlan, script: string, fingerprint: string) =
    inherit Experiment()

    let expected = "expected.csv"

    let play (run: ExperimentRun) =
        let values = run.Settings

        for concept, box in plan.Searches do
            let lower, upper = box values
            run.Find(concept, lower, upper) |> ignore

        let learning = plan.Learning values

        for name, rule, index, start in ExperimentPlan.names (plan.Rules values) (plan.Starts values) do
            // Runs from several starts draw their own noise.
            let seeded =
                if learning.Seed = 0UL then
                    { learning with Seed = run.Seed + uint64 index }
                else
                    learning

            run.Play(name, rule, seeded, List.toArray start) |> ignore

        for step in plan.Steps do
            run.Cancellation.ThrowIfCancellationRequested()
            step run

        for picture in plan.Pictures do
            run.Context.Report($"figure {picture.Name}", 0.0)

            match picture.Draw run with
            | ValueSome figure -> run.Context.Figure(picture.Name, figure)
            | ValueNone -> ()

    /// The same experiment, of a script.
    member _.In(path: string, itsFingerprint: string) : Experiment =
        PlannedExperiment(plan, path, itsFingerprint)

    override _.Name = plan.Name
    override _.Title = if plan.Title = "" then plan.Name else plan.Title
    override _.Source = if plan.Source = "" then "no source is given" else plan.Source
    override _.Settings = List.toArray plan.Settings :> IReadOnlyList<Setting>
    override _.Version = max 1 plan.Version
    override _.Script = script
    override _.Fingerprint = if plan.Version > 0 then null else fingerprint
    override _.IsResumable = true
    override _.Files = List.toArray plan.Files :> IReadOnlyList<string>
    override _.Headlines = List.toArray plan.Headlines :> IReadOnlyList<string>
    override _.SeedKind = plan.SeedKind
    override _.Validate values = plan.Validate values

    override _.GameName = plan.Name

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
