namespace Stackelberg

open System
open System.Collections.Generic

/// What a rule's step asks of the run that makes it.
type internal IRuleField =
    /// A direction with a fresh draw and fresh noise.
    abstract Evaluate: direction: int * at: float[] * into: float[] -> unit
    /// A direction on the draw of the last Evaluate, without noise.
    abstract Exact: direction: int * at: float[] * into: float[] -> unit
    /// A further input of a direction.
    abstract Further: direction: int * input: int * values: float[] -> unit
    /// x − γ P(g), in the players' boxes; of one player's entries alone, or of all where the player is −1.
    abstract Move: step: RuleStep * player: int * from: float[] * g: float[] * into: float[] -> unit

/// <summary>What a rule sees and writes in one step. The driver owns the arrays, of length d each, and uses them
/// again in the next step.</summary>
and [<Sealed>] RuleStep internal (game: Game, memory: float[][], workArrays: int, field: IRuleField) =

    let dimension = game.Dimension

    /// The players' rates; an array of all entries' is made for the rules that ask for it.
    let rateOfPlayer: float[] = Array.zeroCreate game.Players.Length

    let rates = lazy (Array.zeroCreate<float> dimension)

    /// Whether that array holds this step's rates.
    let mutable hasRates = false

    /// How an inner iteration failed.
    let mutable failure = ValueNone

    /// <summary>The game that is played.</summary>
    member _.Game = game

    /// <summary>k, from 1.</summary>
    member val Number = 0 with get, set

    /// <summary>The joint strategy before the step; not to be written.</summary>
    member val X: float[] = Array.zeroCreate dimension

    /// <summary>This step's learning rate of each entry; not to be written.</summary>
    member _.Rates: float[] =
        let rates = rates.Value

        if not hasRates then
            hasRates <- true

            for player in 0 .. rateOfPlayer.Length - 1 do
                let first = game.Offsets[player]
                Array.Fill(rates, rateOfPlayer[player], first, game.Offsets[player + 1] - first)

        rates

    /// One player's rate in this step.
    member internal _.RateOf(player: int) = rateOfPlayer[player]

    /// Before Rates is asked for in a step.
    member internal _.SetRate(player: int, rate: float) =
        rateOfPlayer[player] <- rate
        hasRates <- false

    /// <summary>Where the rule writes the joint strategy after the step. Angles are wrapped by the driver.</summary>
    member val Next: float[] = Array.zeroCreate dimension

    /// <summary>Room for a value of the rule's first direction.</summary>
    member val Gradient: float[] = Array.zeroCreate dimension

    /// <summary>The rule's memory, in the order of Rule.Memory; kept from step to step.</summary>
    member _.Memory = memory

    /// <summary>Room for Rule.WorkArrays arrays of length d, of which nothing is kept.</summary>
    member val Work: float[][] = Array.init workArrays (fun _ -> Array.zeroCreate dimension)

    /// <summary>The rule's first direction with a fresh draw and fresh noise, g + noise.</summary>
    /// <param name="at">Where, length d; not written.</param>
    /// <param name="into">Receives the value, length d.</param>
    member _.Evaluate(at: float[], into: float[]) = field.Evaluate(0, at, into)

    /// <summary>One of the rule's directions with a fresh draw and fresh noise.</summary>
    /// <param name="direction">Its index in Rule.Directions.</param>
    /// <param name="at">Where, length d; not written.</param>
    /// <param name="into">Receives the value, length d.</param>
    member _.Evaluate(direction: int, at: float[], into: float[]) = field.Evaluate(direction, at, into)

    /// <summary>One of the rule's directions on the draw of the last Evaluate (of the first step's first draw before
    /// it), without noise: for inner iterations.</summary>
    /// <param name="direction">Its index in Rule.Directions.</param>
    /// <param name="at">Where, length d; not written.</param>
    /// <param name="into">Receives the value, length d.</param>
    member _.Exact(direction: int, at: float[], into: float[]) = field.Exact(direction, at, into)

    /// <summary>Gives a direction one of its further inputs, until another is given.</summary>
    /// <param name="direction">Its index in Rule.Directions.</param>
    /// <param name="input">Which input, below Direction.Inputs.</param>
    /// <param name="values">Length d.</param>
    member _.Further(direction: int, input: int, values: float[]) = field.Further(direction, input, values)

    /// <summary>into = Π(from − γ P(g)): one step along a direction at this step's rates, preconditioned, brought back
    /// into the players' boxes.</summary>
    /// <param name="from">Length d.</param>
    /// <param name="g">The direction, length d.</param>
    /// <param name="into">Receives the point, length d.</param>
    member step.Move(from: float[], g: float[], into: float[]) = field.Move(step, -1, from, g, into)

    /// <summary>As Move, of one player's entries alone; the others of into stay.</summary>
    /// <param name="player">The player's number in the game's order, from 0.</param>
    /// <param name="from">Length d.</param>
    /// <param name="g">The direction, length d.</param>
    /// <param name="into">Receives the player's entries, length d.</param>
    member step.MovePlayer(player: int, from: float[], g: float[], into: float[]) =
        field.Move(step, player, from, g, into)

    /// <summary>Ends the run before this step, because an inner iteration of the rule did not reach its
    /// tolerance.</summary>
    /// <param name="what">What was solved for, in words that "did not converge" can follow.</param>
    /// <param name="iterations">Iterations made.</param>
    /// <param name="residual">The residual's norm that was reached.</param>
    member step.Fail(what: string, iterations: int, residual: float) =
        failure <- ValueSome(Outcome.InnerFailed(step.Number, what, iterations, residual))

    member internal _.Failure = failure

/// <summary>A learning rule: which directions it follows, and one step along them. A rule holds no state; what it
/// remembers from step to step are named arrays that the driver keeps for it, so that a run can be saved and gone on with.</summary>
[<AbstractClass; StructuredFormatDisplay("{Shown}")>]
type Rule() =

    /// <summary>The rule as a reader knows it, its parameters included.</summary>
    abstract Name: string

    /// <summary>Where the rule comes from: authors, year, equation.</summary>
    abstract Source: string
    default _.Source = ""

    /// <summary>The vector fields that the driver evaluates for it. Of the first it also watches the norm.</summary>
    /// <param name="game">The game that is played.</param>
    abstract Directions: game: Game -> Direction[]

    /// <summary>The direction g whose descent x⁺ = Π(x − γ g(x)) is all that a step does; null if it does more, which is
    /// the default. Many runs of such a rule can be played at once.</summary>
    /// <param name="game">The game that is played.</param>
    abstract Descends: game: Game -> Direction
    default _.Descends _ = Unchecked.defaultof<Direction>

    /// <summary>Why the rule cannot play a game, in a sentence with the remedy; null if it can.</summary>
    /// <param name="game">The game.</param>
    abstract Refuses: game: Game -> string
    default _.Refuses _ = null

    /// <summary>How often at most a step evaluates a direction with noise.</summary>
    /// <param name="game">The game that is played.</param>
    abstract EvaluationsPerStep: game: Game -> int
    default _.EvaluationsPerStep _ = 1

    /// <summary>What the rule remembers, as it is before the first step: names and arrays of any length.</summary>
    /// <param name="dimension">d, the length of the joint strategy.</param>
    abstract Memory: dimension: int -> KeyValuePair<string, float[]>[]
    default _.Memory _ = [||]

    /// <summary>How many arrays of length d a step needs as room.</summary>
    abstract WorkArrays: int
    default _.WorkArrays = 0

    /// <summary>One for all players, one for each, or none: what turns directions into steps.</summary>
    abstract Preconditioners: Preconditioner[]
    default _.Preconditioners = [||]

    /// <summary>One step: reads X and Rates, evaluates directions, writes Next.</summary>
    /// <param name="step">What the rule may read and write.</param>
    abstract Step: step: RuleStep -> unit

    /// What F# Interactive prints.
    member internal this.Shown = this.ToString()

    /// <inheritdoc/>
    override this.ToString() = this.Name

/// A rule whose step is one evaluation of one direction and a move along it.
[<AbstractClass>]
type internal DescentRule() =
    inherit Rule()

    /// The direction.
    abstract Direction: Direction

    override this.Directions _ = [| this.Direction |]
    override this.Descends _ = this.Direction

    override _.Step step =
        step.Evaluate(step.X, step.Gradient)
        step.Move(step.X, step.Gradient, step.Next)

/// Which games a rule can play: null, or why not.
module internal Refusal =

    /// The first reason that there is.
    let first (reasons: string list) =
        reasons |> List.tryFind (isNull >> not) |> Option.toObj

    let unlessTwoPlayers rule (game: Game) =
        if game.Players.Length = 2 then
            null
        else
            (invariant
                $"{rule} is defined for two players, but {game.Name} has {game.Players.Length}; take Rule.simultaneous or Rule.stackelberg, or merge players.")

    let unlessTwoLevels rule (game: Game) =
        if game.Levels.Length = 2 then
            null
        else
            (invariant
                $"{rule} needs leaders and followers on two levels, but {game.Name} has {game.Levels.Length}; take Rule.simultaneous or Rule.stackelberg, or put the players on two levels.")

    /// For rules whose inner equations know no bounds.
    let ifBounded rule (game: Game) =
        match game.Players |> Array.tryFind _.Domain.IsBox with
        | None -> null
        | Some player ->
            (invariant
                $"{rule} solves equations that know no bounds, but {player.Name} of {game.Name} is bounded; take Rule.stackelberg or Rule.extragradient, which heed bounds, or write the bound into the cost.")

/// A rule that does what another does, but for what it overrides.
[<AbstractClass>]
type internal WrappedRule(rule: Rule) =
    inherit Rule()
    override _.Source = rule.Source
    override _.Directions game = rule.Directions game
    override _.Refuses game = rule.Refuses game
    override _.EvaluationsPerStep game = rule.EvaluationsPerStep game
    override _.Memory dimension = rule.Memory dimension
    override _.WorkArrays = rule.WorkArrays
    override _.Preconditioners = rule.Preconditioners
    override _.Step step = rule.Step step

/// A rule with preconditioned steps.
[<Sealed>]
type internal PreconditionedRule(rule: Rule, preconditioners: Preconditioner[]) =
    inherit WrappedRule(rule)

    override _.Name =
        let names = System.String.Join(", ", preconditioners |> Array.map _.Name)
        (invariant $"{rule.Name} with {names}")

    override _.Preconditioners = preconditioners
