namespace Stackelberg

open System.Globalization

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
        let number (value: float) =
            value.ToString("G6", CultureInfo.InvariantCulture)

        if size.Contraction >= 1.0 then
            (invariant $"{size.Rule}: no constant rate contracts")
        else
            let momentum =
                if size.Momentum = 0.0 then
                    ""
                else
                    (invariant $" and β = {number size.Momentum}")

            (invariant
                $"{size.Rule}: contraction {number size.Contraction} at rate {number size.Rate}{momentum}")
