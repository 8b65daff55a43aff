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

    /// <summary>Every rule with usual parameters, for tables and tests. A new rule is one file and one line here.</summary>
    let all: Rule[] = [|
        simultaneous
        stackelberg Conjecture.bestResponse
        stackelberg (Conjecture.regularized 1.0)
    |]
