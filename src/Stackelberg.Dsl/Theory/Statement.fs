namespace Stackelberg

/// <summary>One condition or conclusion of a theorem, looked at in one game.</summary>
type Condition = {
    /// What it says.
    Words: string
    /// The number that it hangs on, as an eigenvalue that must be positive; NaN where there is none.
    Value: float
    /// Whether it holds.
    Verdict: Verdict
    /// No for a printed condition that the conclusions do not need.
    IsNeeded: bool
}

/// <summary>A printed theorem, held against one game: its conditions, its conclusions, and what is wrong with the printed
/// form.</summary>
[<RequireQualifiedAccess; StructuredFormatDisplay("{Shown}")>]
type Statement = {
    /// Where it is printed.
    Source: string
    /// All conditions as printed.
    Conditions: Condition[]
    /// What is said to follow.
    Conclusions: Condition[]
    /// Where the printed form asks for too much or says too little; empty if it is as it should be.
    Note: string
} with

    /// <summary>Whether all printed conditions hold.</summary>
    member statement.IsApplicable =
        statement.Conditions |> Seq.map _.Verdict |> Verdict.all

    /// <summary>Whether all conditions hold that the conclusions need.</summary>
    member statement.AreNeededMet =
        statement.Conditions
        |> Seq.filter _.IsNeeded
        |> Seq.map _.Verdict
        |> Verdict.all

    /// <summary>Whether all conclusions hold, whether or not the conditions do.</summary>
    member statement.IsConcluded =
        statement.Conclusions |> Seq.map _.Verdict |> Verdict.all

    /// What F# Interactive prints.
    member internal this.Shown = this.ToString()

    /// <summary>The source, and every condition and conclusion in a line with its verdict.</summary>
    override statement.ToString() =
        let line kind (condition: Condition) =
            let verdict = (string condition.Verdict).ToLowerInvariant()

            let value =
                if System.Double.IsNaN condition.Value then
                    ""
                else
                    (invariant $" ({condition.Value:G7})")

            let excess = if condition.IsNeeded then "" else ", not needed"
            (invariant $"  {kind} {condition.Words}: {verdict}{value}{excess}")

        System.String.Join(
            "\n",
            [
                statement.Source
                for condition in statement.Conditions do
                    line "if  " condition
                for conclusion in statement.Conclusions do
                    line "then" conclusion
                if statement.Note <> "" then
                    (invariant $"  note {statement.Note}")
            ]
        )

/// Makes them.
module internal Statement =

    let needed words value verdict : Condition = {
        Words = words
        Value = value
        Verdict = verdict
        IsNeeded = true
    }

    let excess words value verdict : Condition = {
        needed words value verdict with
            IsNeeded = false
    }

    /// Yes above the band, no below its negative, undecided between.
    let isPositive band (value: float) =
        if value > band then Verdict.Yes
        elif value < -band then Verdict.No
        else Verdict.Undecided

    /// Yes unless below the negative of the band: zero, which rounding moves to either side, is not negative.
    let isNotNegative band (value: float) =
        if value >= -band then Verdict.Yes
        elif value < -band then Verdict.No
        else Verdict.Undecided
