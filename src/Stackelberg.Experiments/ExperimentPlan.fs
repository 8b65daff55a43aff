namespace Stackelberg

/// What the block experiment { } has been told so far.
[<RequireQualifiedAccess>]
type ExperimentPlan = internal {
    Name: string
    Title: string
    Source: string
    Version: int
    Settings: Setting list
    DefaultSeed: uint64
    SeedKind: SettingKind
    WhySeedIsUnused: SettingValues -> string
    Validate: SettingValues -> unit
    Game: (SettingValues -> Game) voption
    Rules: SettingValues -> (string * Rule) list
    Starts: SettingValues -> float list list
    Learning: SettingValues -> LearnSettings
    Searches: (Concept * (SettingValues -> float list * float list)) list
    Steps: (ExperimentRun -> unit) list
    Pictures: Picture list
    Headlines: string list
    Files: string list
    Checks: ExpectedValue list
}

module internal ExperimentPlan =

    /// A plan with nothing in it but its name.
    let empty name : ExperimentPlan = {
        Name = name
        Title = ""
        Source = ""
        Version = 0
        Settings = []
        DefaultSeed = 1UL
        SeedKind = SettingKind.Changes
        WhySeedIsUnused = fun _ -> null
        Validate = ignore
        Game = ValueNone
        Rules = fun _ -> []
        Starts = fun _ -> []
        Learning = fun _ -> Learn.settings
        Searches = []
        Steps = []
        Pictures = []
        Headlines = []
        Files = []
        Checks = []
    }

    /// Rules with names for their runs: what stands before the parameters, where that tells them apart.
    let named (rules: Rule list) =
        let short (rule: Rule) = (rule.Name.Split " (")[0]
        let shorts = rules |> List.map short

        rules
        |> List.mapi (fun k rule ->
            let name =
                if shorts |> List.filter ((=) shorts[k]) |> List.length = 1 then
                    shorts[k]
                else
                    rule.Name

            match rules |> List.take k |> List.filter (fun other -> other.Name = rule.Name) with
            | [] -> name, rule
            | before -> (invariant $"{name} ({before.Length + 1})"), rule)

    /// The learning runs: the rule's name alone where there is one start.
    let runs (rules: (string * Rule) list) (starts: float list list) = [
        for k, start in List.indexed starts do
            for name, rule in rules do
                let run =
                    if starts.Length = 1 then
                        name
                    else
                        (invariant $"{name}/start{k + 1}")

                run, rule, k, start
    ]

    /// Refuses rules without a start and starts without a rule.
    let needRuns (rules: (string * Rule) list) (starts: float list list) =
        if not rules.IsEmpty && starts.IsEmpty then
            invalidOp "The rules have no start; give one, as in start [ 10.0; 10.0 ], or leave rules out."

        if rules.IsEmpty && not starts.IsEmpty then
            invalidOp
                "The start has no rule; give rules, as in rules [ Rule.simultaneous ], or leave start out."

    let private duplicates (names: string list) =
        names
        |> List.countBy id
        |> List.filter (fun (_, count) -> count > 1)
        |> List.map fst

    /// What is wrong with a plan: one sentence each.
    let faults (plan: ExperimentPlan) = [
        let isPlain c =
            System.Char.IsAsciiLetterOrDigit c || c = '-' || c = '_' || c = '.'

        if System.String.IsNullOrEmpty plan.Name || not (Seq.forall isPlain plan.Name) then
            (invariant
                $"The name \"{plan.Name}\" cannot name a folder; letters, digits, -, _ and . can, as in experiment \"my-game\".")

        for key in duplicates [ for setting in plan.Settings -> setting.Key ] do
            (invariant $"The setting {key} is declared twice; leave one out.")

        for setting in plan.Settings do
            if setting.Key = "seed" then
                "The setting seed is every experiment's own; read it as run.Seed, and leave the declaration out."
            elif
                setting.Key = ""
                || setting.Key |> Seq.exists (fun c -> c = '=' || System.Char.IsWhiteSpace c)
            then
                (invariant
                    $"The setting \"{setting.Key}\" cannot be written key=value; give it a name without blanks and =.")

        for setting in plan.Settings do
            if not (setting.Allows setting.Default) then
                (invariant
                    $"The setting {setting.Key} is \"{setting.Default}\" by default, but {setting.Type.Allowed.TrimEnd ','} is needed.")

        for check in plan.Checks do
            if not (System.Double.IsFinite check.Tolerance && check.Tolerance >= 0.0) then
                (invariant
                    $"The check of {check.Name} has the tolerance {check.Tolerance}, but a finite number of at least 0 is needed.")

            if System.Double.IsNaN check.Expected then
                (invariant $"The check of {check.Name} expects not-a-number, which nothing equals.")

        for name in duplicates [ for check in plan.Checks -> check.Name ] do
            (invariant $"The number {name} is checked twice; leave one check out.")

        for name in duplicates [ for picture in plan.Pictures -> picture.Name ] do
            (invariant $"The picture {name} is drawn twice; leave one out.")

        if plan.Game.IsNone && plan.Steps.IsEmpty then
            "It states nothing to do: give it a game with rules, something to find, or a step of its own by compute."
    ]
