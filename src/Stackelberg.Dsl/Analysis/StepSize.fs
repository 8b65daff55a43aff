namespace Stackelberg


/// <summary>A constant rate with what it promises near a critical point.</summary>
[<StructuredFormatDisplay("{Shown}")>]
type StepSize = {
    /// The rule's name.
    Rule: string
    /// η; infinite for the proximal point, 0 where no constant rate contracts.
    Rate: float
    /// β of negative momentum, 0 for other rules.
    Momentum: float
    /// The spectral radius of the derivative of the rule's step: distances shrink by this factor a step, in the long run.
    /// 1 where no constant rate contracts.
    Contraction: float
} with

    /// <summary>Steps that divide the distance by e, 1 / −ln Contraction; infinite where nothing contracts.</summary>
    member size.Steps = -1.0 / log size.Contraction

    /// What F# Interactive prints.
    member internal this.Shown = this.ToString()

    /// <summary>One line: the rule, the rate and the contraction.</summary>
    override size.ToString() =
        if size.Contraction >= 1.0 then
            (invariant $"{size.Rule}: no constant rate contracts")
        else
            let momentum =
                if size.Momentum = 0.0 then
                    ""
                else
                    (invariant $" and β = {size.Momentum:G6}")

            (invariant $"{size.Rule}: contraction {size.Contraction:G6} at rate {size.Rate:G6}{momentum}")
