namespace Stackelberg

/// Whether a point has a property. Undecided means that a needed eigenvalue lies within tolerance of the axis.
type Verdict =
    | No = 0
    | Yes = 1
    | Undecided = 2

/// Verdicts of several conditions together.
[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module internal Verdict =

    /// No if any is No, else undecided if any is, else yes.
    let all (verdicts: Verdict seq) =
        let verdicts = Array.ofSeq verdicts

        if Array.contains Verdict.No verdicts then
            Verdict.No
        elif Array.contains Verdict.Undecided verdicts then
            Verdict.Undecided
        else
            Verdict.Yes

    let ofBool condition =
        if condition then Verdict.Yes else Verdict.No

    /// No for yes and yes for no.
    let opposite verdict =
        match verdict with
        | Verdict.Yes -> Verdict.No
        | Verdict.No -> Verdict.Yes
        | verdict -> verdict
