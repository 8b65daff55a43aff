namespace Stackelberg

open System

/// Which readings of a step a run needs.
[<Struct>]
type internal StepUse = {
    /// Whether every player has a rate of its own.
    IsRateEach: bool
    /// Whether noise is added to the fields.
    IsNoisy: bool
    /// Whether the noise grows with the joint strategy, by 1 + ‖x‖.
    IsNoiseGrowing: bool
    /// Whether the field's norm is looked at.
    WatchesField: bool
    /// Whether the program measures the update; else whoever runs it does.
    MeasuresUpdate: bool
}

/// A rule's step on a game as an expression of its inputs.
[<NoEquality; NoComparison>]
type internal StepExpression = {
    /// [d], float64.
    X: Tensor
    /// What the rule remembers, and the preconditioners, by the names that a saved state has for it.
    Names: string[]
    Memory: Tensor[]
    /// Of every player whose directions are preconditioned, how often they have been.
    Uses: Tensor[]
    Number: Tensor
    Rates: Tensor[]
    /// For every evaluation with a draw of its own the sampler's tensors.
    Samples: Tensor[][]
    /// The noise of every such evaluation; empty without noise.
    Noises: Tensor[]
    /// The joint strategy after the step, angles turned back.
    Next: Tensor
    MemoryAfter: Tensor[]
    UsesAfter: Tensor[]
    /// How often each player's preconditioner is used.
    TimesUsed: int[]
    /// ‖x⁺ − x‖², before angles are turned back; NaN where a field is not finite though the strategy is.
    SquareOfUpdate: Tensor
    /// The first field that was asked for, but for inner iterations, and its value with and without noise; null if there is
    /// none.
    Field: Direction
    Value: Tensor
    Exact: Tensor
    /// ‖x − Π(x − g)‖² of the first field without noise.
    SquareOfField: Tensor
    /// The least curvature of the followers over the evaluations that take it to be positive definite; none if it is not told
    /// at little cost.
    Least: Tensor voption
    /// All fields that were asked for.
    Fields: Direction[]
    /// How many draws they read.
    Draws: int
}

module internal StepExpression =

    let private float64 = DType.Float64

    /// What a rule and its preconditioners remember before the first step from a start.
    let memory (rule: Rule) (game: Game) (start: float[]) : struct (string * float[])[] =
        let numbers what (name: string, value: Tensor) =
            if value.DType <> float64 then
                Require.wrong
                    rule.Name
                    "memory"
                    (invariant
                        $"\"{name}\" is {value.DType}, but float64 is needed; take Tensor.cast DType.Float64.")

            struct (what name, value.ToArray())

        [|
            for pair in rule.Definition.Memory game (Tensor.ofArray start) do
                numbers (fun name -> (invariant $"rule: {name}")) pair

            if rule.Preconditioners.Length > 0 then
                for index in 0 .. game.Players.Length - 1 do
                    let player = game.Players[index]

                    for pair in (rule.PreconditionerOf index).Memory player.Dimension do
                        numbers (fun name -> (invariant $"preconditioner: {player.Name}: {name}")) pair
        |]

    /// A rule's own fault, told with the rule's name.
    let private wrong (rule: Rule) problem : 'a =
        raise (InvalidOperationException(invariant $"The step of {rule.Name} {problem}"))

    let private checkResult (rule: Rule) what (before: Tensor) (after: Tensor) =
        if isNull after then
            wrong
                rule
                (invariant $"returns null for {what}; return a tensor of shape {Shape.show before.Shape}.")

        if after.Shape <> before.Shape then
            wrong
                rule
                (invariant
                    $"returns shape {Shape.show after.Shape} for {what}, but {Shape.show before.Shape} is needed, as before the step.")

        if after.DType <> before.DType then
            wrong
                rule
                (invariant
                    $"returns {after.DType} for {what}, but {before.DType} is needed; take Tensor.cast DType.{before.DType}.")

    let private ownStep (rule: Rule) (step: Step) memory (x: Tensor) : Tensor * Tensor[] =
        try
            rule.Definition.Step step memory x
        with :? InvalidOperationException as error ->
            raise (InvalidOperationException(invariant $"The step of {rule.Name}: {error.Message}", error))

    let private shapes (rule: Rule) (game: Game) =
        let d = game.Dimension

        [|
            for _, value in rule.Definition.Memory game (Tensor.zeros [ d ]) do
                value.Shape
        |]

    /// <summary>Traces a rule's step.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="game">The game.</param>
    /// <param name="using">Which readings of the step are wanted.</param>
    /// <param name="common">Makes an input that all runs share, of a number type and a shape.</param>
    /// <param name="input">Makes an input that each run has for itself.</param>
    let trace
        (rule: Rule)
        (game: Game)
        (using: StepUse)
        (common: DType -> int[] -> Tensor)
        (input: DType -> int[] -> Tensor)
        : StepExpression =
        let definition = rule.Definition
        let d, count = game.Dimension, game.Players.Length
        let preconditioners = definition.Preconditioners

        let x = input float64 [| d |]
        let own = shapes rule game |> Array.map (input float64)

        let preconditioned =
            if preconditioners.Length = 0 then
                Array.create count [||]
            else
                Array.init count (fun index ->
                    (rule.PreconditionerOf index).Memory game.Players[index].Dimension
                    |> Array.map (fun (_, value) -> input float64 value.Shape))

        let uses =
            if preconditioners.Length = 0 then
                [||]
            else
                Array.init count (fun _ -> common float64 [||])

        let number = common float64 [||]

        let given =
            Array.init (if using.IsRateEach then count else 1) (fun _ -> common float64 [||])

        let rates =
            if using.IsRateEach then
                given
                |> Array.mapi (fun index rate ->
                    match definition.Speed game.Seats[index].Level with
                    | 1.0 -> rate
                    | factor -> factor * rate)
            else
                given

        let samples, noises = ResizeArray<Tensor[]>(), ResizeArray<Tensor>()

        let sample n =
            while samples.Count <= n do
                samples.Add(game.Batches |> Array.map (fun batch -> input game.Precision batch.Shape))

            samples[n]

        let noise n =
            if using.IsNoisy then
                while noises.Count <= n do
                    noises.Add(input float64 [| d |])

                noises[n]
            else
                null

        let step =
            Step {
                Game = game
                Number = number
                Rates = rates
                Sample = sample
                Noise = noise
                IsNoiseGrowing = using.IsNoiseGrowing
                Preconditioners = preconditioners
                Memory = preconditioned
                Uses = uses
            }

        let result, after = ownStep rule step own x
        checkResult rule "the joint strategy" x result

        if after.Length <> own.Length then
            wrong
                rule
                (invariant
                    $"returns {after.Length} tensors to remember, but {own.Length} are needed, as before the first step.")

        if preconditioners.Length > 0 && Array.forall ((=) 0) step.TimesUsed then
            wrong
                rule
                "uses no preconditioner, but the rule has been given some; write s.Descend(x, g), or s.Precondition g, in it."

        let names = definition.Memory game (Tensor.zeros [ d ]) |> Array.map fst

        Array.iteri2 (fun i before now -> checkResult rule (invariant $"\"{names[i]}\"") before now) own after
        let next = step.Project result
        let moved = next - x
        let evaluations = step.Evaluations.ToArray()
        let first = evaluations |> Array.tryFind (fun evaluation -> not evaluation.IsInner)

        let least =
            evaluations
            |> Array.filter (fun evaluation -> evaluation.Field.RaisedBy.IsSome)
            |> Array.choose (fun evaluation ->
                let parts point =
                    evaluation.Field.Parts evaluation.Scene point [||]

                match FollowerCurvature.leastAt evaluation.Scene evaluation.Point parts with
                | ValueSome found -> Some(Tensor.cast float64 found)
                | ValueNone -> None)

        {
            X = x
            Names = [|
                for name in names do
                    (invariant $"rule: {name}")

                for index in 0 .. count - 1 do
                    if preconditioners.Length > 0 then
                        for name, _ in (rule.PreconditionerOf index).Memory game.Players[index].Dimension do
                            (invariant $"preconditioner: {game.Players[index].Name}: {name}")
            |]
            Memory = Array.append own (Array.concat preconditioned)
            Uses = uses
            Number = number
            Rates = given
            Samples = samples.ToArray()
            Noises = noises.ToArray()
            Next = step.Wrap next
            MemoryAfter = Array.append after (Array.concat step.Memory)
            UsesAfter = step.Uses
            TimesUsed = step.TimesUsed
            SquareOfUpdate =
                let square = Tensor.sum (moved * moved)

                // A bound makes a finite strategy of an infinite field.
                if game.Players |> Array.exists (fun player -> DomainOps.isBounded player.Domain) then
                    evaluations
                    |> Array.fold (fun sum evaluation -> sum + Tensor.sum (0.0 * evaluation.Value)) square
                else
                    square
            Field =
                match first with
                | Some evaluation -> evaluation.Field
                | None -> Unchecked.defaultof<Direction>
            Value =
                match first with
                | Some evaluation -> evaluation.Value
                | None -> null
            Exact =
                match first with
                | Some evaluation -> evaluation.Exact
                | None -> null
            SquareOfField =
                match first with
                | Some evaluation when using.WatchesField ->
                    step.SquareOfResidual(evaluation.At, evaluation.Exact)
                | _ -> null
            Least =
                if least.Length = 0 then
                    ValueNone
                else
                    ValueSome(Array.reduce Tensor.minimum least)
            Fields =
                evaluations
                |> Array.map _.Field
                |> Array.filter (fun field -> not field.IsOpen)
                |> Array.distinct
            Draws = max step.Draws samples.Count
        }
