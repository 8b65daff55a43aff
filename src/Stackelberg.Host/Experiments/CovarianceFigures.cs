using Stackelberg.Figures;

namespace Stackelberg.Experiments;

/// <summary>The covariance game's figures, from its numbers.</summary>
internal static class CovarianceFigures
{
    /// <summary>A run's errors, and one entry of V and of W, over the indices 1, 2, …</summary>
    /// <param name="Error">‖V Vᵀ − Σ‖, Frobenius.</param>
    /// <param name="SymmetricW">‖(W + Wᵀ)/2‖, Frobenius.</param>
    /// <param name="V">The entry of V.</param>
    /// <param name="W">The entry of W.</param>
    public sealed record History(double[] Error, double[] SymmetricW, double[] V, double[] W);

    /// <summary>Both rules' runs of one size.</summary>
    /// <param name="D">The size.</param>
    /// <param name="Entry">The row and column of the entry of V and W.</param>
    /// <param name="Simultaneous">The run of simultaneous play.</param>
    /// <param name="Stackelberg">The Stackelberg run.</param>
    public sealed record Pair(int D, int Entry, History Simultaneous, History Stackelberg);

    /// <summary>The errors of both rules over the steps, one panel for each size.</summary>
    /// <param name="runs">The runs.</param>
    public static Figure Errors(IReadOnlyList<Pair> runs) =>
        new([
            .. runs.Select(run => new Panel(
                Curve(run.Simultaneous.Error, Palette.Blue, "Σ − V Vᵀ, simultaneous", Dash.Solid),
                Curve(run.Simultaneous.SymmetricW, Palette.Sky, "½(W + Wᵀ), simultaneous", Dash.Dashed),
                Curve(run.Stackelberg.Error, Palette.Vermilion, "Σ − V Vᵀ, Stackelberg", Dash.Solid),
                Curve(run.Stackelberg.SymmetricW, Palette.Orange, "½(W + Wᵀ), Stackelberg", Dash.Dashed)
            )
            {
                Title = $"d = {run.D}",
                X = new("Iterations"),
                Y = new("Frobenius norm")
                {
                    Log = true,
                    Min = 1e-10,
                    Max = 1e3,
                },
                Width = 320,
                Height = 260,
                Legend = run.D == runs[^1].D ? LegendPlace.Outside : LegendPlace.None,
            }),
        ]);

    /// <summary>One entry of V against the same of W, one panel for each size.</summary>
    /// <param name="runs">The runs.</param>
    public static Figure Paths(IReadOnlyList<Pair> runs) =>
        new([
            .. runs.Select(run => new Panel(
                Path(run.Simultaneous, Palette.Blue, "simultaneous play"),
                Path(run.Stackelberg, Palette.Vermilion, "Stackelberg play"),
                End(run.Simultaneous, Palette.Blue),
                End(run.Stackelberg, Palette.Vermilion),
                new Points(run.Simultaneous.V[0], run.Simultaneous.W[0])
                {
                    Marker = Marker.Cross,
                    Colour = Palette.Black,
                    Label = "start",
                    Size = 9,
                }
            )
            {
                Title = $"d = {run.D}",
                X = new($"V[{run.Entry}, {run.Entry}]"),
                Y = new($"W[{run.Entry}, {run.Entry}]"),
                Width = 260,
                Height = 260,
                Legend = run.D == runs[^1].D ? LegendPlace.Outside : LegendPlace.None,
            }),
        ]);

    private static Line Curve(double[] values, string colour, string label, Dash dash) =>
        new([.. Enumerable.Range(1, values.Length).Select(index => (double)index)], values)
        {
            Colour = colour,
            Label = label,
            Dash = dash,
            Width = 1.2,
        };

    private static Line Path(History run, string colour, string label) =>
        new(run.V, run.W)
        {
            Colour = colour,
            Label = label,
            Width = 1,
        };

    private static Points End(History run, string colour) =>
        new(run.V[^1], run.W[^1])
        {
            Colour = colour,
            Size = 8,
            Edge = Palette.Black,
        };
}
