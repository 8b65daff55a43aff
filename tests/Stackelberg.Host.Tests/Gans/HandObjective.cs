using System.Numerics;

namespace Stackelberg.Tests;

/// <summary>An objective and its slopes, written out for one example: f = mean of a term of D(x) + mean of a term of
/// D(G(z)), for each player.</summary>
/// <param name="Leader">The generator's terms of D(x) and of D(G(z)).</param>
/// <param name="Follower">The discriminator's.</param>
internal sealed record HandObjective(
    (HandTerm Real, HandTerm Fake) Leader,
    (HandTerm Real, HandTerm Fake) Follower
)
{
    private const double margin = 1e-4;

    private static readonly HandTerm none = new(_ => 0, _ => 0);
    private static readonly HandTerm log = new(Complex.Log, p => 1 / p);
    private static readonly HandTerm logNot = new(p => Complex.Log(1 - p), p => -1 / (1 - p));

    // log max(p, 1e-4) and log(1 − min(p, 1 − 1e-4)).
    private static readonly HandTerm logClamped = new(
        p => p.Real < margin ? Math.Log(margin) : Complex.Log(p),
        p => p.Real < margin ? 0 : 1 / p
    );
    private static readonly HandTerm logNotClamped = new(
        p => p.Real > 1 - margin ? Math.Log(margin) : Complex.Log(1 - p),
        p => p.Real > 1 - margin ? 0 : -1 / (1 - p)
    );

    // log D and log(1 − D) from the logit.
    private static readonly HandTerm logOfLogit = new(
        l => -HandFunctions.Softplus(-l),
        l => HandFunctions.Sigmoid(-l)
    );
    private static readonly HandTerm logNotOfLogit = new(
        l => -HandFunctions.Softplus(l),
        l => -HandFunctions.Sigmoid(l)
    );
    private static readonly HandTerm score = new(s => s, _ => 1);

    public static HandObjective Of(string name) =>
        name switch
        {
            "gan" => new((log, logNot), (-log, -logNot)),
            "nsgan-unclamped" => new((none, -log), (-log, -logNot)),
            "nsgan" => new((none, -logClamped), (-logClamped, -logNotClamped)),
            "wgan" => new((score, -score), (-score, score)),
            "gan-logits" => new((logOfLogit, logNotOfLogit), (-logOfLogit, -logNotOfLogit)),
            "nsgan-logits" => new((none, -logOfLogit), (-logOfLogit, -logNotOfLogit)),
            _ => throw new ArgumentException($"There is no hand-written \"{name}\".", nameof(name)),
        };
}

/// <summary>A function of what the discriminator says of one example, and its slope.</summary>
internal sealed record HandTerm(Func<Complex, Complex> Value, Func<Complex, Complex> Slope)
{
    public static HandTerm operator -(HandTerm term) => new(p => -term.Value(p), p => -term.Slope(p));
}
