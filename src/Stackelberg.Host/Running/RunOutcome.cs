namespace Stackelberg;

/// <summary>How one learning run of an experiment ended.</summary>
/// <param name="Run">The run's name within the experiment.</param>
/// <param name="Rule">The learning rule.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Steps">How many steps it took.</param>
/// <param name="Final">The joint strategy at the end, shape [d]; empty where the run was read from its folder.</param>
/// <param name="Costs">The players' costs there.</param>
public sealed record RunOutcome(
    string Run,
    string Rule,
    Outcome Outcome,
    long Steps,
    IReadOnlyList<double> Final,
    IReadOnlyList<double> Costs
);
