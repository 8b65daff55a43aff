namespace Stackelberg

open System.Collections.Generic

/// <summary>All that a run needs to go on where it was, bit for bit: steps made and named arrays (the joint strategy, what
/// the rule, the preconditioners and warm solves remember, the random counters).</summary>
/// <param name="game">The game's name.</param>
/// <param name="rule">The rule's name, its parameters and preconditioners included.</param>
/// <param name="seed">The run's seed.</param>
/// <param name="steps">Steps made.</param>
/// <param name="arrays">Names and numbers; 64-bit counters are below 2⁵³, so that they are exact.</param>
[<Sealed>]
type LearnState(game: string, rule: string, seed: uint64, steps: int, arrays: KeyValuePair<string, float[]>[])
    =

    /// <summary>The game's name.</summary>
    member _.Game = game

    /// <summary>The rule's name, its parameters and preconditioners included.</summary>
    member _.Rule = rule

    /// <summary>The run's seed.</summary>
    member _.Seed = seed

    /// <summary>Steps made.</summary>
    member _.Steps = steps

    /// <summary>Names and numbers.</summary>
    member _.Arrays = arrays

    /// The array of a name, if there is one.
    member internal _.TryGet(name: string) : float[] voption =
        match arrays |> Array.tryFind (fun pair -> pair.Key = name) with
        | Some pair -> ValueSome pair.Value
        | None -> ValueNone

    /// The array of a name and a length.
    member internal state.Get(name: string, length: int) : float[] =
        match arrays |> Array.tryFind (fun pair -> pair.Key = name) with
        | None ->
            let names = System.String.Join(", ", arrays |> Array.map _.Key)

            Require.wrong
                "Learn.resume"
                "state"
                (invariant $"has no array \"{name}\"; it has {names}. It was saved by another rule or game.")
        | Some pair when pair.Value.Length <> length ->
            Require.wrong
                "Learn.resume"
                "state"
                (invariant
                    $"holds {pair.Value.Length} numbers in \"{name}\", but {length} are needed; it was saved by another rule or game.")
        | Some pair -> pair.Value
