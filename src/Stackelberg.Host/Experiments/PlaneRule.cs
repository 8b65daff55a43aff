namespace Stackelberg.Experiments;

/// <summary>One of the two rules that the experiments compare.</summary>
/// <param name="Key">Its name in <c>expected.csv</c>.</param>
/// <param name="Title">Its name in figures.</param>
/// <param name="Concept">What its fixed points are critical for.</param>
/// <param name="Conjecture">What the leader believes of the follower.</param>
internal sealed record PlaneRule(string Key, string Title, Concept Concept, Conjecture Conjecture)
{
    /// <summary>Both players descend their own cost.</summary>
    public static PlaneRule Simultaneous { get; } =
        new("simgrad", "Simultaneous play", Concept.Nash, ConjectureModule.None);

    /// <summary>The leader descends its total gradient.</summary>
    public static PlaneRule Stackelberg { get; } =
        new("stack", "Stackelberg play", Concept.Stackelberg, ConjectureModule.BestResponse);

    /// <summary>Both.</summary>
    public static PlaneRule[] Both { get; } = [Simultaneous, Stackelberg];

    /// <summary>A learner that follows the rule.</summary>
    public Learner Learner() =>
        this == Simultaneous
            ? global::Stackelberg.Learner.Simultaneous()
            : global::Stackelberg.Learner.Stackelberg();
}
