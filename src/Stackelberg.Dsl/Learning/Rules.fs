namespace Stackelberg

/// <summary>The learning rules.</summary>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Rule =

    /// <summary>Simultaneous gradient play, x⁺ = x − γ ω(x): every player descends its own cost and ignores the others'
    /// answers.</summary>
    let simultaneous: Rule = SimultaneousRule()

    /// <summary>Stackelberg gradient play, x⁺ = x − γ ω_S(x): every player with players below it descends its total
    /// gradient under a conjecture of their answer. All players move at once.</summary>
    /// <param name="conjecture">Conjecture.bestResponse for the paper's update, Conjecture.regularized η for its
    /// appendix C.</param>
    [<CompiledName("Stackelberg")>]
    let stackelberg (conjecture: Conjecture) : Rule = StackelbergRule conjecture

    /// <summary>The same rule with preconditioned steps, x⁺ = x − γ P(g).</summary>
    /// <param name="preconditioners">One for all players, or one for each in the game's order.</param>
    /// <param name="rule">The rule.</param>
    /// <exception cref="T:System.ArgumentException">There is no preconditioner, or the rule has some already.</exception>
    /// <example><code lang="fsharp">Rule.stackelberg (Conjecture.regularized 1.0) |> Rule.preconditioned [ Preconditioner.adam ]</code></example>
    [<CompiledName("Preconditioned")>]
    let preconditioned (preconditioners: Preconditioner list) (rule: Rule) : Rule =
        if preconditioners.IsEmpty then
            Require.wrong
                "Rule.preconditioned"
                (nameof preconditioners)
                "is empty; give one for all players or one for each."

        if rule.Preconditioners.Length > 0 then
            Require.wrong
                "Rule.preconditioned"
                (nameof rule)
                $"is {rule.Name}, which has preconditioners already; give them to the rule without."

        PreconditionedRule(rule, Array.ofList preconditioners)

    /// <summary>Every rule with usual parameters, for tables and tests. A new rule is one file and one line here.</summary>
    let all: Rule[] = [|
        simultaneous
        stackelberg Conjecture.bestResponse
        stackelberg (Conjecture.regularized 1.0)
    |]
