namespace Stackelberg.Figures;

/// <summary>How much room a panel needs around its axes box, and where everything stands then.</summary>
internal sealed class PanelLayout
{
    public const double TickLength = 4;
    public const double LabelGap = 6;

    private const double colourBarGap = 14;
    private const double legendGap = 10;

    // Labels of the upright axes stand at least so far apart.
    private const double spaceOfTick = 34;
    private const double widthOfTick = 48;

    public PanelLayout(Panel panel)
    {
        Panel = panel;
        Colours = [.. Colour(panel)];
        (X, Y) = (Limits.X(panel), Limits.Y(panel));
        (BoxWidth, BoxHeight) = Box(panel, X, Y);
        XTicks = FittingTicks(panel.X, X, BoxWidth);
        // Equal units deserve equal steps, so that the upright axis takes the level one's spacing.
        YTicks = TickChoice.For(
            panel.Y,
            Y,
            (int)(BoxHeight / (panel.EqualAspect ? widthOfTick : spaceOfTick))
        );
        Legend = new Legend(panel, Colours);
        LegendCorner = Legend.IsEmpty ? null : Legend.Corner(panel, At(0, 0));
        Bars = [.. panel.Series.Select(series => series.Bar).OfType<ColourBar>()];
        BarTicks =
        [
            .. Bars.Select(bar => TickChoice.For(new Axis(), bar.Scale, (int)(BoxHeight / spaceOfTick))),
        ];

        YTickWidth = YTicks.Major.Select(tick => tick.Width(Fonts.TickLabel)).DefaultIfEmpty(0).Max();
        Left = TickLength + LabelGap + YTickWidth + (panel.Y.Label.Length > 0 ? Fonts.Label + 10 : 0) + 8;
        var power = YTicks.Power != 0 || BarTicks.Any(ticks => ticks.Power != 0) ? Fonts.TickLabel + 6 : 0;
        Top = 10 + (panel.Title.Length > 0 ? Fonts.Title + 8 : 0) + power;
        Bottom =
            TickLength
            + LabelGap
            + Fonts.TickLabel
            + (panel.X.Label.Length > 0 || XTicks.Power != 0 ? Fonts.Label + 10 : 0)
            + 8;
        var lastLabel = XTicks.Major.Select(tick => tick.Width(Fonts.TickLabel)).DefaultIfEmpty(0).Last();
        LegendOffset = BarRoom().Sum() + legendGap;
        Right = Math.Max(
            Math.Max(12, lastLabel / 2 + 4),
            Legend.IsEmpty || LegendCorner is not null
                ? BarRoom().Sum() + (Bars.Length > 0 ? 6 : 0)
                : LegendOffset + Legend.Width
        );
        // A title wider than its box must not be cut off at the figure's edge.
        var excess = (TextSize.Width(panel.Title, Fonts.Title) - BoxWidth) / 2 + 6;
        (Left, Right) = (Math.Max(Left, excess), Math.Max(Right, excess));
    }

    public Panel Panel { get; }

    public IReadOnlyList<string> Colours { get; }

    public Scale X { get; }

    public Scale Y { get; }

    public Ticks XTicks { get; }

    public Ticks YTicks { get; }

    public Legend Legend { get; }

    /// <summary>The legend's corner relative to the box, or null if it stands outside.</summary>
    public (double X, double Y)? LegendCorner { get; }

    /// <summary>How far right of the box an outside legend begins.</summary>
    public double LegendOffset { get; }

    public ColourBar[] Bars { get; }

    public Ticks[] BarTicks { get; }

    public double BoxWidth { get; }

    public double BoxHeight { get; }

    public double YTickWidth { get; }

    public double Left { get; }

    public double Right { get; }

    public double Top { get; }

    public double Bottom { get; }

    /// <summary>The axes box with its upper left corner at a place.</summary>
    public Frame At(double left, double top) =>
        new(
            X.Between(left, left + BoxWidth),
            Y.Between(top + BoxHeight, top),
            left,
            top,
            left + BoxWidth,
            top + BoxHeight
        );

    /// <summary>How far right of the box each colour bar begins.</summary>
    public IEnumerable<double> BarOffsets()
    {
        var offset = 0.0;
        foreach (var room in BarRoom())
        {
            yield return offset + colourBarGap;
            offset += room;
        }
    }

    private IEnumerable<double> BarRoom() =>
        Bars.Zip(
            BarTicks,
            (bar, ticks) =>
                colourBarGap
                + ColourBars.Width
                + TickLength
                + LabelGap
                + ticks.Major.Select(tick => tick.Width(Fonts.TickLabel)).DefaultIfEmpty(0).Max()
                + (bar.Label.Length > 0 ? Fonts.Label + 10 : 0)
        );

    private static IEnumerable<string> Colour(Panel panel)
    {
        var next = 0;
        foreach (var series in panel.Series)
        {
            yield return series.Colour ?? (series.TakesColour ? Palette.At(next++) : Fonts.Ink);
        }
    }

    private static (double, double) Box(Panel panel, Scale x, Scale y)
    {
        if (!panel.EqualAspect)
        {
            return (panel.Width, panel.Height);
        }

        const double least = 60;
        // Scales are between the pixels 0 and 1 here, so that a unit's length is the range's inverse.
        var ratio = x.PixelsPerUnit / y.PixelsPerUnit;
        return ratio <= 1
            ? (panel.Width, Math.Max(panel.Width * ratio, least))
            : (Math.Max(panel.Width / ratio, least), panel.Width);
    }

    private static Ticks FittingTicks(Axis axis, Scale scale, double width)
    {
        const double gap = 12;
        for (var most = Math.Max((int)(width / widthOfTick), 2); ; most--)
        {
            var ticks = TickChoice.For(axis, scale, most);
            var total = ticks.Major.Sum(tick => tick.Width(Fonts.TickLabel) + gap);
            if (total <= width || most <= 2)
            {
                return ticks;
            }
        }
    }
}
