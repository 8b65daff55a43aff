namespace Stackelberg;

/// <summary>How one learning run of an experiment ended.</summary>
/// <param name="Run">The run's name within the experiment.</param>
/// <param name="Rule">The learning rule.</param>
/// <param name="Outcome">How it ended, in words.</param>
/// <param name="Finite">Whether all its numbers are finite.</param>
/// <param name="Steps">How many steps it took.</param>
/// <param name="Final">The joint strategy at the end, shape [d].</param>
/// <param name="Costs">The players' costs there.</param>
/// <param name="MayDiverge">Whether the source shows this run diverge, so that it is no failure.</param>
public sealed record RunOutcome(
    string Run,
    string Rule,
    string Outcome,
    bool Finite,
    long Steps,
    IReadOnlyList<double> Final,
    IReadOnlyList<double> Costs,
    bool MayDiverge
);
