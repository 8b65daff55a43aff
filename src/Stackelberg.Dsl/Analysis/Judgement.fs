namespace Stackelberg

open System.Numerics

/// <summary>Why a verdict is undecided: a number that had to be away from zero and is not, for certain.</summary>
[<StructuredFormatDisplay("{Shown}")>]
type Doubt = {
    /// Which verdict, as the report card names it: "differential Nash", for example.
    Verdict: string
    /// What the number is of, "the eigenvalues of J", for example.
    Of: string
    /// The number nearest to zero: an eigenvalue's real part, or how hard a bound is pressed; NaN where the matrix is
    /// not finite, or where Of tells all.
    Value: float
    /// Up to which absolute value it counts as zero; NaN where Of tells all.
    Band: float
} with

    /// What F# Interactive prints.
    member internal this.Shown = this.ToString()

    /// <summary>The doubt in one line.</summary>
    override doubt.ToString() =
        if System.Double.IsNaN doubt.Band then
            (invariant $"{doubt.Verdict}: {doubt.Of}")
        elif System.Double.IsFinite doubt.Value then
            (invariant $"{doubt.Verdict}: {doubt.Of}: {doubt.Value:G3} is within {doubt.Band:G3} of zero")
        else
            (invariant $"{doubt.Verdict}: {doubt.Of}: not finite")

/// A verdict with what keeps it open.
type internal Judgement = {
    Verdict: Verdict
    /// Empty unless the verdict is undecided.
    Doubts: Doubt[]
}

[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module internal Judgement =

    let plain verdict = { Verdict = verdict; Doubts = [||] }

    let doubtful what value band = {
        Verdict = Verdict.Undecided
        Doubts = [|
            {
                Verdict = ""
                Of = what
                Value = value
                Band = band
            }
        |]
    }

    /// Undecided for a reason that is no number near zero.
    let because reason = doubtful reason nan nan

    /// Whether all eigenvalues lie in the open right half-plane.
    let isStable what least rounding (spectrum: ConditionedEigenvalue[]) =
        match Spectrum.isStable least rounding spectrum with
        | Verdict.Undecided ->
            match spectrum |> Array.tryFind (fun found -> not (Complex.IsFinite found.Value)) with
            | Some found -> doubtful what found.Value.Real least
            | None ->
                // The one whose sign is least certain.
                let worst =
                    spectrum
                    |> Array.minBy (fun found -> abs found.Value.Real / Spectrum.band least rounding found)

                let band = Spectrum.band least rounding worst

                if band > least then
                    doubtful
                        (invariant $"{what}, one of condition {worst.Condition:G3}")
                        worst.Value.Real
                        band
                else
                    doubtful what worst.Value.Real band
        | verdict -> plain verdict

    /// Whether the symmetric part is positive definite.
    let isPositiveDefinite what band (matrix: float[,]) =
        matrix
        |> Dense.symmetricPart
        |> Dense.conditionedEigenvalues
        |> isStable what band 0.0

    /// No if any is, else undecided if any is, for all their reasons, else yes.
    let all (judgements: Judgement seq) =
        let judgements = Array.ofSeq judgements
        let verdict = judgements |> Array.map _.Verdict |> Verdict.all

        {
            Verdict = verdict
            Doubts =
                if verdict = Verdict.Undecided then
                    judgements |> Array.collect _.Doubts
                else
                    [||]
        }

    /// Yes becomes undecided where a bound holds an entry without pressing it.
    let complementary (local: Linearisation) judgement =
        if local.IsStrict then
            judgement
        else
            all [
                judgement
                doubtful "the pressure on a bound" local.LeastPressure local.CriticalBelow
            ]

    /// The doubts under the name of their verdict.
    let doubts verdict judgement =
        judgement.Doubts |> Array.map (fun doubt -> { doubt with Verdict = verdict })
