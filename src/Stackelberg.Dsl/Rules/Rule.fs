namespace Stackelberg

open System
open System.Collections.Generic

/// What makes a rule.
[<NoEquality; NoComparison>]
type internal RuleDefinition = {
    Name: string
    Source: string
    /// What tells rules apart whose steps are compiled once for each game.
    Key: obj
    /// Whether somebody else wrote its step.
    IsForeign: bool
    Requirements: Requirement list
    /// What a level's rates are multiplied by.
    Speed: int -> float
    /// What the rule remembers before its first step from a start, by name: float64.
    Memory: Game -> Tensor -> (string * Tensor)[]
    /// From what is remembered and the joint strategy to the next strategy and what is remembered then.
    Step: Step -> Tensor[] -> Tensor -> Tensor * Tensor[]
    /// One for all players, one for each, or none.
    Preconditioners: Preconditioner[]
    /// What a step that searches for a root searches for, in words that "did not converge" can follow.
    Sought: string
}

/// <summary>A learning rule: a name, where it comes from, what it requires of a game, and one step as an expression. A
/// value; it holds no state: what a run remembers from step to step are the tensors that its steps return.</summary>
/// <remarks>Rule.create and Rule.withState make one; in C# Rule.Create and Rule.WithState.</remarks>
[<Sealed; StructuredFormatDisplay("{Shown}")>]
type Rule internal (definition: RuleDefinition) =

    /// <summary>The rule as a reader knows it, its parameters included.</summary>
    member _.Name = definition.Name

    /// <summary>Where the rule comes from: authors, year, equation.</summary>
    member _.Source = definition.Source

    /// <summary>What it requires of a game.</summary>
    member _.Requirements: Requirement[] = Array.ofList definition.Requirements

    /// <summary>One for all players, one for each, or none: what turns directions into steps.</summary>
    member _.Preconditioners: Preconditioner[] = definition.Preconditioners

    member internal _.Definition = definition

    /// Whether somebody else wrote a part of its step.
    member internal _.IsForeign =
        definition.IsForeign
        || definition.Preconditioners
           |> Array.exists (fun preconditioner -> preconditioner.IsForeign)

    /// A player's, where there are any.
    member internal _.PreconditionerOf(index: int) : Preconditioner =
        definition.Preconditioners[if definition.Preconditioners.Length = 1 then 0 else index]

    /// <summary>Why the rule cannot play a game, in a sentence with the remedy; null if it can.</summary>
    /// <param name="game">The game.</param>
    member this.Refuses(game: Game) : string =
        match Requirements.refusal definition.Name game definition.Requirements with
        | null when definition.Preconditioners.Length > 0 ->
            game.Players
            |> Seq.mapi (fun index player -> (this.PreconditionerOf index).Refuses player)
            |> Seq.tryFind (isNull >> not)
            |> Option.toObj
        | refusal -> refusal

    /// What F# Interactive prints.
    member internal this.Shown = this.ToString()

    /// <inheritdoc/>
    override _.ToString() = definition.Name

    /// A rule of somebody else's: its own key.
    static member internal Foreign(func, name, source, memory, step) : Rule =
        if String.IsNullOrWhiteSpace name then
            Require.wrong func (nameof name) "is empty; it tells runs and saved states apart."

        Rule {
            Name = name
            Source = if isNull source then "" else source
            Key = obj ()
            IsForeign = true
            Requirements = []
            Speed = fun _ -> 1.0
            Memory = memory
            Step = step
            Preconditioners = [||]
            Sought = "a root"
        }

    /// <summary>A rule of one's own, whose step is an expression of the joint strategy; Rule.create in F#.</summary>
    /// <param name="name">The rule as a reader knows it, its parameters included.</param>
    /// <param name="source">Where it comes from.</param>
    /// <param name="step">From the step's rates and fields and the joint strategy, shape [d], to the next one.</param>
    /// <exception cref="T:System.ArgumentException">The name is empty.</exception>
    /// <example><code>
    /// var mine = Rule.Create("mine", "here", (s, x) =&gt; s.Descend(x, s.Omega(s.Descend(x, s.Omega(x)))));
    /// </code></example>
    static member Create(name: string, source: string, step: Func<Step, Tensor, Tensor>) : Rule =
        Require.notNull "Rule.Create" (nameof step) step
        Rule.Foreign("Rule.Create", name, source, (fun _ _ -> [||]), (fun s _ x -> step.Invoke(s, x), [||]))

    /// <summary>A rule of one's own that remembers tensors from step to step; Rule.withState in F#.</summary>
    /// <param name="name">The rule as a reader knows it, its parameters included.</param>
    /// <param name="source">Where it comes from.</param>
    /// <param name="memory">From the game and the start, shape [d], to what is remembered before the first step: float64.</param>
    /// <param name="step">From the step, what is remembered and the joint strategy to the next one and what is remembered
    /// then.</param>
    /// <exception cref="T:System.ArgumentException">The name is empty.</exception>
    static member WithState
        (
            name: string,
            source: string,
            memory: Func<Game, Tensor, KeyValuePair<string, Tensor>[]>,
            step: Func<Step, Tensor[], Tensor, struct (Tensor * Tensor[])>
        ) : Rule =
        Require.notNull "Rule.WithState" (nameof memory) memory
        Require.notNull "Rule.WithState" (nameof step) step

        Rule.Foreign(
            "Rule.WithState",
            name,
            source,
            (fun game x ->
                memory.Invoke(game, x)
                |> Array.map (fun (pair: KeyValuePair<string, Tensor>) -> pair.Key, pair.Value)),
            (fun s remembered x ->
                let struct (next, after) = step.Invoke(s, remembered, x)
                next, after)
        )

module internal RuleDefinition =

    let private stateless _ _ = [||]

    /// A rule of the library, whose name tells all of its parameters.
    let known name source requirements (step: Step -> Tensor -> Tensor) : RuleDefinition = {
        Name = name
        Source = source
        Key = name
        IsForeign = false
        Requirements = requirements
        Speed = fun _ -> 1.0
        Memory = stateless
        Step = fun s _ x -> step s x, [||]
        Preconditioners = [||]
        Sought = "a root"
    }

    /// The same with the words for what its steps search for.
    let solving sought (definition: RuleDefinition) = { definition with Sought = sought }

    /// The same with what it remembers.
    let remembering memory step (definition: RuleDefinition) = {
        definition with
            Memory = memory
            Step = step
    }
