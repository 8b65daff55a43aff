namespace Stackelberg


/// What kind of point a report is of, in a few words.
module internal PointKind =

    /// Whether it is certain that neither field is zero there.
    let private isElsewhere (report: Report) =
        report.IsCriticalOmega <> Verdict.Yes && report.IsCriticalOmegaS <> Verdict.Yes

    let private undefined (report: Report) =
        UndefinedCost.reason report.Players report.Costs

    /// "Nash and Stackelberg", "Nash", "Stackelberg", "critical", "undecided", or "own point" for a rule's own rest point.
    let name (report: Report) =
        match report.IsDifferentialNash, report.IsDifferentialStackelberg with
        | _ when (undefined report).IsSome -> "undecided"
        | Verdict.Yes, Verdict.Yes -> "Nash and Stackelberg"
        | Verdict.Yes, _ -> "Nash"
        | _, Verdict.Yes -> "Stackelberg"
        | _ when isElsewhere report -> "own point"
        | Verdict.Undecided, _
        | _, Verdict.Undecided -> "undecided"
        | _ -> "critical"

    /// The same to follow the place.
    /// <param name="isAtRest">Whether the rule's field is zero there.</param>
    /// <param name="report">What the point is.</param>
    let words isAtRest (report: Report) =
        let residuals =
            (invariant $"residual {report.ResidualOmega:G3} of omega, {report.ResidualOmegaS:G3} of omega_S")

        match name report with
        | _ when (undefined report).IsSome ->
            (invariant $"a point of undecided kind: {(undefined report).Value}")
        | "own point" when isAtRest -> (invariant $"a rest point of the rule alone ({residuals})")
        | "own point" -> (invariant $"no critical point yet ({residuals}; Equilibrium.find refines it)")
        | "critical" -> "a critical point, but no differential equilibrium"
        | "undecided" -> "a critical point of undecided kind"
        | kind -> (invariant $"a differential {kind} equilibrium")
