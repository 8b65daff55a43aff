namespace Stackelberg

open System

/// What makes a rule.
[<NoEquality; NoComparison>]
type internal RuleDefinition = {
    Name: string
    Source: string
    /// What tells rules apart whose steps are compiled once for each game.
    Key: obj
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

    /// A player's, where there are any.
    member internal _.PreconditionerOf(index: int) : Preconditioner =
        definition.Preconditioners[if definition.Preconditioners.Length = 1 then 0 else index]

    /// <summary>Why the rule cannot play a game, in a sentence with the remedy; null if it can.</summary>
    /// <param name="game">The game.</param>
    member _.Refuses(game: Game) : string =
        Requirements.refusal definition.Name game definition.Requirements

    /// What F# Interactive prints.
    member internal this.Shown = this.ToString()

    /// <inheritdoc/>
    override _.ToString() = definition.Name

module internal RuleDefinition =

    let private stateless _ _ = [||]

    /// A rule of the library, whose name tells all of its parameters.
    let known name source requirements (step: Step -> Tensor -> Tensor) : RuleDefinition = {
        Name = name
        Source = source
        Key = name
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

    /// A rule of somebody else's: its own key.
    let foreign func name source memory step : RuleDefinition =
        if String.IsNullOrWhiteSpace name then
            Require.wrong func (nameof name) "is empty; it tells runs and saved states apart."

        {
            Name = name
            Source = if isNull source then "" else source
            Key = obj ()
            Requirements = []
            Speed = fun _ -> 1.0
            Memory = memory
            Step = step
            Preconditioners = [||]
            Sought = "a root"
        }
