namespace Stackelberg

open System

/// <summary>The block <c>experiment "name" { … }</c>; see experiment.</summary>
[<Sealed>]
type ExperimentBuilder internal (name: string) =

    let declare (plan: ExperimentPlan) key text kind description = {
        plan with
            Settings = plan.Settings @ [ Setting(key, text, kind, description, SettingKind.Changes) ]
    }

    /// <summary>An experiment that is told nothing yet.</summary>
    member _.Yield(_: unit) = ExperimentPlan.empty name

    /// <summary>Ends the block.</summary>
    /// <param name="plan">What it says.</param>
    /// <exception cref="T:System.InvalidOperationException">It contradicts itself, or states nothing to do.</exception>
    member _.Run(plan: ExperimentPlan) : Experiment =
        match ExperimentPlan.faults plan with
        | [] -> PlannedExperiment(plan, null, null)
        | faults ->
            let lines =
                faults
                |> List.map (fun fault -> (invariant $"\n  - {fault}"))
                |> String.concat ""

            invalidOp (invariant $"The experiment \"{name}\" cannot run:{lines}")

    /// <summary>One line: what it shows.</summary>
    [<CustomOperation "title">]
    member _.Title(plan: ExperimentPlan, text: string) = { plan with Title = text }

    /// <summary>Where the game and the expected numbers are from: author, year, section or figure.</summary>
    [<CustomOperation "source">]
    member _.Source(plan: ExperimentPlan, text: string) = { plan with Source = text }

    /// <summary>The version of what it computes. Without it the text of the script and of all that it loads tells runs
    /// apart: any change of it makes other runs. With it only a greater number does.</summary>
    [<CustomOperation "version">]
    member _.Version(plan: ExperimentPlan, number: int) =
        if number < 1 then
            invalidArg "version" (invariant $"version is {number}, but a number of at least 1 is needed.")

        { plan with Version = number }

    /// <summary>A whole number that the user may set as <c>key=value</c>, at least 0. Changing it switches the checks off.</summary>
    [<CustomOperation "setting">]
    member _.Setting(plan: ExperimentPlan, key: string, value: int, description: string) =
        declare plan key (invariant $"{value}") (SettingType.Whole 0) description

    /// <summary>A finite number that the user may set.</summary>
    [<CustomOperation "setting">]
    member _.Setting(plan: ExperimentPlan, key: string, value: float, description: string) =
        declare plan key (invariant $"{value:R}") SettingType.Number description

    /// <summary>Yes or no, which the user may set.</summary>
    [<CustomOperation "setting">]
    member _.Setting(plan: ExperimentPlan, key: string, value: bool, description: string) =
        declare plan key (if value then "true" else "false") SettingType.YesNo description

    /// <summary>A text that the user may set.</summary>
    [<CustomOperation "setting">]
    member _.Setting(plan: ExperimentPlan, key: string, value: string, description: string) =
        declare plan key value (SettingType.Text "any text") description

    /// <summary>A number or text of a type with a range: <c>setting "rate" 0.1 (SettingType.Above 0.0) "…"</c>.</summary>
    [<CustomOperation "setting">]
    member _.Setting(plan: ExperimentPlan, key: string, value: obj, kind: SettingType, description: string) =
        let text =
            match value with
            | :? bool as value -> if value then "true" else "false"
            | value -> invariant $"{value}"

        declare plan key text kind description

    /// <summary>A setting with all that can be said of it: its unit, and what changing it does to the checks.</summary>
    [<CustomOperation "setting">]
    member _.Setting(plan: ExperimentPlan, setting: Setting) = {
        plan with
            Settings = plan.Settings @ [ setting ]
    }

    /// <summary>Several settings, such as those that experiments share.</summary>
    [<CustomOperation "setting">]
    member _.Setting(plan: ExperimentPlan, several: Setting list) = {
        plan with
            Settings = plan.Settings @ several
    }

    /// <summary>The seed where the user gives none; 1 unless it is said.</summary>
    [<CustomOperation "defaultSeed">]
    member _.DefaultSeed(plan: ExperimentPlan, seed: uint64) = { plan with DefaultSeed = seed }

    /// <summary>What another seed does to the checks; without it, it switches them off.</summary>
    [<CustomOperation "seedIs">]
    member _.SeedIs(plan: ExperimentPlan, kind: SettingKind) = { plan with SeedKind = kind }

    /// <summary>Says why the seed has no effect with some settings, as in "nothing is drawn at random"; null where it has
    /// one.</summary>
    [<CustomOperation "seedUnused">]
    member _.SeedUnused(plan: ExperimentPlan, why: SettingValues -> string) = {
        plan with
            WhySeedIsUnused = why
    }

    /// <summary>Refuses values that do not fit each other, before anything is computed: the function raises a
    /// UserInputException that names setting, value and remedy.</summary>
    [<CustomOperation "validate">]
    member _.Validate(plan: ExperimentPlan, check: SettingValues -> unit) = { plan with Validate = check }

    /// <summary>The game that is played.</summary>
    [<CustomOperation "game">]
    member _.Game(plan: ExperimentPlan, game: Game) = {
        plan with
            Game = ValueSome(fun _ -> game)
    }

    /// <summary>The game that is played, made of the settings' values.</summary>
    [<CustomOperation "gameOf">]
    member _.GameOf(plan: ExperimentPlan, make: SettingValues -> Game) = { plan with Game = ValueSome make }

    /// <summary>A game with known points, which gives the source, a start and a constant rate too, where nothing else is
    /// said.</summary>
    [<CustomOperation "known">]
    member _.Known(plan: ExperimentPlan, known: KnownGame) = {
        plan with
            Game = ValueSome(fun _ -> known.Game)
            Source = if plan.Source = "" then known.Source else plan.Source
            Starts = fun _ -> [ List.ofArray known.Start ]
            Learning =
                fun _ -> {
                    Learn.settings with
                        Rates = [ Rate.constant known.Rate ]
                }
    }

    /// <summary>The rules that play the game, each from every start. Their runs are called as they are, without parameters
    /// where that tells them apart.</summary>
    [<CustomOperation "rules">]
    member _.Rules(plan: ExperimentPlan, rules: Rule list) = {
        plan with
            Rules = fun _ -> ExperimentPlan.named rules
    }

    /// <summary>The rules, with the names of their runs.</summary>
    [<CustomOperation "rules">]
    member _.Rules(plan: ExperimentPlan, rules: (string * Rule) list) = { plan with Rules = fun _ -> rules }

    /// <summary>The rules with the names of their runs, made of the settings' values.</summary>
    [<CustomOperation "rulesOf">]
    member _.RulesOf(plan: ExperimentPlan, make: SettingValues -> (string * Rule) list) = {
        plan with
            Rules = make
    }

    /// <summary>The start of the runs: a joint strategy, players in order.</summary>
    [<CustomOperation "start">]
    member _.Start(plan: ExperimentPlan, start: float list) = {
        plan with
            Starts = fun _ -> [ start ]
    }

    /// <summary>Several starts; each rule runs from each.</summary>
    [<CustomOperation "starts">]
    member _.Starts(plan: ExperimentPlan, starts: float list list) = { plan with Starts = fun _ -> starts }

    /// <summary>The starts, made of the settings' values.</summary>
    [<CustomOperation "startsOf">]
    member _.StartsOf(plan: ExperimentPlan, make: SettingValues -> float list list) = {
        plan with
            Starts = make
    }

    /// <summary>Steps, rates, noise and stopping of the runs, made of the settings' values. The seed is the
    /// experiment's unless it is another than 0, and about 2,000 points of a run are recorded unless RecordEvery is another
    /// than 1.</summary>
    [<CustomOperation "learn">]
    member _.Learn(plan: ExperimentPlan, settings: SettingValues -> LearnSettings) = {
        plan with
            Learning = settings
    }

    /// <summary>Finds the critical points of a field in a box, whose corners have one number for each entry, or one for
    /// all.</summary>
    [<CustomOperation "find">]
    member _.Find(plan: ExperimentPlan, concept: Concept, box: float list * float list) = {
        plan with
            Searches = plan.Searches @ [ concept, (fun _ -> box) ]
    }

    /// <summary>As find, with a box made of the settings' values.</summary>
    [<CustomOperation "findIn">]
    member _.FindIn(plan: ExperimentPlan, concept: Concept, box: SettingValues -> float list * float list) = {
        plan with
            Searches = plan.Searches @ [ concept, box ]
    }

    /// <summary>Something of your own, after searches and runs and before figures: it may play further runs, find numbers,
    /// write series.</summary>
    [<CustomOperation "compute">]
    member _.Compute(plan: ExperimentPlan, step: ExperimentRun -> unit) = {
        plan with
            Steps = plan.Steps @ [ step ]
    }

    /// <summary>The figures: those of Picture, or your own.</summary>
    [<CustomOperation "draw">]
    member _.Draw(plan: ExperimentPlan, pictures: Picture list) = {
        plan with
            Pictures = plan.Pictures @ pictures
    }

    /// <summary>A number that must come out: its name, its value, how far the found one may lie from it, and where the
    /// value stands. An <c>expected.csv</c> beside the script holds many.</summary>
    [<CustomOperation "check">]
    member _.Check(plan: ExperimentPlan, what: string, expected: float, tolerance: float, source: string) = {
        plan with
            Checks = plan.Checks @ [ ExpectedValue(what, expected, tolerance, 0.0, source) ]
    }

    /// <summary>The found numbers that tables show first, without the run's name.</summary>
    [<CustomOperation "headlines">]
    member _.Headlines(plan: ExperimentPlan, names: string list) = { plan with Headlines = names }

    /// <summary>Names of files and folders of its own that it writes by <c>run.Context.PathOf</c>.</summary>
    [<CustomOperation "files">]
    member _.Files(plan: ExperimentPlan, names: string list) = { plan with Files = names }

/// The block experiment { }.
[<AutoOpen>]
module ExperimentBlock =

    /// <summary>An experiment: what to run, to find, to draw and to check. <c>stackelberg run mine.fsx</c> runs the one that a
    /// script binds to a name at its top level; sweep, resume and report know it too.</summary>
    /// <param name="name">Its name, which run folders take.</param>
    /// <exception cref="T:System.InvalidOperationException">The block contradicts itself, or states nothing to do.</exception>
    /// <example><code lang="fsharp">
    /// let mine =
    ///     experiment "mine" {
    ///         title "who leads, and who follows"
    ///         setting "rate" 0.1 (SettingType.Above 0.0) "both players' rate"
    ///         game duopoly
    ///         rules [ Rule.simultaneous; Rule.stackelberg Conjecture.bestResponse ]
    ///         start [ 10.0; 10.0 ]
    ///         learn (fun s -> { Learn.settings with Steps = 400; Rates = [ Rate.constant (s.Double "rate") ] })
    ///         find Concept.Stackelberg ([ 0.0 ], [ 100.0 ])
    ///         draw [ Picture.strategies; Picture.phasePlane ]
    ///         check "equilibria/omegaS/0/x1" 46.0 1e-9 "closed form"
    ///     }
    /// </code></example>
    let experiment (name: string) = ExperimentBuilder name
