using System.Numerics;

namespace Stackelberg.Cli;

/// <summary>A complex number.</summary>
/// <param name="Re">Its real part.</param>
/// <param name="Im">Its imaginary part.</param>
internal sealed record ComplexDocument(double Re, double Im);

/// <summary>A constraint at a point, as <see cref="ConstraintState"/> has it.</summary>
internal sealed record ConstraintDocument(
    string Player,
    string Name,
    bool IsEquality,
    double[] Values,
    double[] Multipliers,
    double[] TotalMultipliers,
    int[] Active,
    int[] Weak
);

/// <summary>What kind of point a joint strategy is, as <see cref="Report"/> says it; verdicts are yes, no and undecided, and null
/// where none is sought. In games of many entries it is partial: the spectra are their ends alone.</summary>
internal sealed record PointDocument(
    double[] Point,
    string[] Players,
    double[] Costs,
    double ResidualOmega,
    double ResidualOmegaS,
    string CriticalForOmega,
    string CriticalForOmegaS,
    string DifferentialNash,
    string? DifferentialStackelberg,
    string StableSimultaneous,
    string StableStackelberg,
    string? SpuriousSimultaneous,
    string? SpuriousStackelberg,
    ComplexDocument[] EigenvaluesJ,
    ComplexDocument[] EigenvaluesJS,
    double[][] EigenvaluesPlayers,
    ComplexDocument[]? EigenvaluesSchurJ,
    ComplexDocument[]? EigenvaluesTotalHessian,
    int[] HeldEntries,
    string? Violated,
    ConstraintDocument[] Constraints,
    string[] Answers,
    string[] Doubts,
    bool IsPartial
)
{
    /// <summary>The document of a report.</summary>
    /// <param name="report">The report.</param>
    /// <param name="answers">What the followers could answer instead, in words.</param>
    public static PointDocument Of(Report report, string[] answers) =>
        new(
            report.Point.ToArray(),
            report.Players,
            report.Costs,
            report.ResidualOmega,
            report.ResidualOmegaS,
            Words(report.IsCriticalOmega),
            Words(report.IsCriticalOmegaS),
            Words(report.IsDifferentialNash),
            Words(report.IsDifferentialStackelberg),
            Words(report.IsStableSimgrad),
            Words(report.IsStableStackelberg),
            Words(report.IsSpuriousSimgrad),
            Words(report.IsSpuriousStackelberg),
            Spectrum(report.EigenvaluesJ),
            Spectrum(report.EigenvaluesJS),
            report.EigenvaluesPlayers,
            Spectrum(report.EigenvaluesSchurJ),
            Spectrum(report.EigenvaluesTotalHessian),
            report.HeldEntries,
            report.Violated,
            Array.ConvertAll(
                report.Constraints,
                one => new ConstraintDocument(
                    one.Player,
                    one.Name,
                    one.IsEquality,
                    one.Values,
                    one.Multipliers,
                    one.TotalMultipliers,
                    one.Active,
                    one.Weak
                )
            ),
            answers,
            Array.ConvertAll(report.Doubts, doubt => $"{doubt}"),
            IsPartial: false
        );

    /// <summary>The document of a report without matrices.</summary>
    public static PointDocument Of(LargeReport report) =>
        new(
            report.Point.ToArray(),
            report.Players,
            report.Costs,
            report.ResidualOmega,
            report.ResidualOmegaS,
            Words(report.IsCriticalOmega),
            Words(report.IsCriticalOmegaS),
            Words(report.IsDifferentialNash),
            null,
            Words(report.IsStableSimgrad),
            Words(report.IsStableStackelberg),
            null,
            null,
            Spectrum(Values(report.EigenvaluesJ)),
            Spectrum(Values(report.EigenvaluesJS)),
            Array.ConvertAll(
                report.EigenvaluesPlayers,
                pairs => Array.ConvertAll(Values(pairs), value => value.Real)
            ),
            null,
            null,
            report.HeldEntries,
            null,
            [],
            [],
            Array.ConvertAll(report.Doubts, doubt => $"{doubt}"),
            IsPartial: true
        );

    private static Complex[] Values(Eigenpair[] pairs) => Array.ConvertAll(pairs, pair => pair.Value);

    private static ComplexDocument[] Spectrum(Complex[] values) =>
        Array.ConvertAll(values, value => new ComplexDocument(value.Real, value.Imaginary));

    private static string Words(Verdict verdict) =>
        verdict switch
        {
            Verdict.Yes => "yes",
            Verdict.No => "no",
            _ => "undecided",
        };
}
