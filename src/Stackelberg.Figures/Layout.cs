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

    private readonly double legendTop;
    private readonly double detail;

    /// <summary>A panel's layout.</summary>
    /// <param name="panel">The panel.</param>
    /// <param name="hasLegend">False if the figure has one legend for all panels.</param>
    /// <param name="page">How a page shows it; null for a file.</param>
    public PanelLayout(Panel panel, bool hasLegend = true, PageVariant? page = null)
    {
        Panel = panel;
        detail = page is null ? 1 : PageVariant.Detail;
        Colours = [.. Colour(panel)];
        (X, Y) = (Limits.X(panel), Limits.Y(panel));
        (BoxWidth, BoxHeight) = Box(panel, X, Y, page?.WidestBox ?? double.PositiveInfinity);
        XTicks = FittingTicks(panel.X, X, BoxWidth);
        // Equal units deserve equal steps, so that the upright axis takes the level one's spacing.
        YTicks = TickChoice.For(
            panel.Y,
            Y,
            (int)(BoxHeight / (panel.EqualAspect ? widthOfTick : spaceOfTick))
        );
        var keys = hasLegend && panel.Legend != LegendPlace.None ? Entries : [];
        Legend = new Legend(keys);
        LegendPlace = Legend.Place(panel, At(0, 0));
        if (LegendPlace == LegendPlace.Outside && page is { PanelsPerRow: 1 })
        {
            // Beside the box it would make a phone show all smaller.
            LegendPlace = LegendPlace.Below;
        }

        Bars = [.. panel.Series.Select(series => series.Bar).OfType<ColourBar>()];
        BarTicks =
        [
            .. Bars.Select(bar => TickChoice.For(new Axis(), bar.Scale, (int)(BoxHeight / spaceOfTick))),
        ];

        YTickWidth = YTicks.Major.Select(tick => tick.Width(Fonts.TickLabel)).DefaultIfEmpty(0).Max();
        Left = TickLength + LabelGap + YTickWidth + (panel.Y.Label.Length > 0 ? Fonts.Label + 10 : 0) + 8;
        OverBox = Math.Max(
            RoomOfPower(YTicks),
            Bars.Zip(
                    BarTicks,
                    (bar, ticks) => RoomOfPower(ticks) + (bar.IsLabelledAbove ? Fonts.Label + 4 : 0)
                )
                .DefaultIfEmpty(0)
                .Max()
        );
        Top = 10 + (panel.Title.Length > 0 ? Fonts.Title + 8 : 0) + OverBox;
        Bottom =
            TickLength
            + LabelGap
            + Fonts.TickLabel
            + (panel.X.Label.Length > 0 || XTicks.Power != 0 ? Fonts.Label + 10 : 0)
            + 8;
        var lastLabel = XTicks.Major.Select(tick => tick.Width(Fonts.TickLabel)).DefaultIfEmpty(0).Last();
        var bars = BarRoom().Sum() + (Bars.Length > 0 ? 6 : 0);
        // Words wider than their box must not be cut off at the figure's edge.
        var widest = Math.Max(
            TextSize.Width(panel.Title, Fonts.Title),
            TextSize.Width(panel.X.Label, Fonts.Label)
        );
        var excess = (widest - BoxWidth) / 2 + 6;
        Left = Math.Max(Left, excess);
        Right = Math.Max(Math.Max(Math.Max(12, lastLabel / 2 + 4), bars), excess);
        if (Legend.IsEmpty)
        {
            return;
        }

        if (LegendPlace == LegendPlace.Below)
        {
            Legend = new Legend(keys, Left + BoxWidth);
            legendTop = BoxHeight + Bottom;
            Bottom += Legend.Height;
            Right = Math.Max(Right, Legend.Width - BoxWidth - Left);
        }
        else if (LegendPlace == LegendPlace.Outside)
        {
            Right = Math.Max(Right, BarRoom().Sum() + legendGap + Legend.Width);
        }
    }

    public Panel Panel { get; }

    public IReadOnlyList<string> Colours { get; }

    public Scale X { get; }

    public Scale Y { get; }

    public Ticks XTicks { get; }

    public Ticks YTicks { get; }

    public Legend Legend { get; }

    public LegendPlace LegendPlace { get; }

    /// <summary>The series with their colours.</summary>
    public IEnumerable<(Series Series, string Colour)> Entries => Panel.Series.Zip(Colours);

    /// <summary>The room between the box and the title, for what stands over the axes.</summary>
    public double OverBox { get; }

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
        )
        {
            Detail = detail,
        };

    /// <summary>The legend's upper left corner.</summary>
    public (double X, double Y) LegendAt(Frame frame)
    {
        if (Legend.Corner(LegendPlace, frame) is { } corner)
        {
            return corner;
        }

        if (LegendPlace == LegendPlace.Outside)
        {
            return (frame.Right + BarRoom().Sum() + legendGap, frame.Top);
        }

        var left = (frame.Left + frame.Right - Legend.Width) / 2;
        var isWider = Legend.Width > BoxWidth;
        return (
            isWider ? Math.Max(frame.Right - Legend.Width, frame.Left - Left) : left,
            frame.Top + legendTop
        );
    }

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

    /// <summary>How much room the common power of labels takes over the axes.</summary>
    public static double RoomOfPower(Ticks ticks) => ticks.Power != 0 ? Fonts.TickLabel + 6 : 0;

    private IEnumerable<double> BarRoom() =>
        Bars.Zip(
            BarTicks,
            (bar, ticks) =>
                colourBarGap
                + ColourBars.Width
                + TickLength
                + LabelGap
                + ticks.Major.Select(tick => tick.Width(Fonts.TickLabel)).DefaultIfEmpty(0).Max()
                + (bar.Label.Length == 0 || bar.IsLabelledAbove ? 0 : Fonts.Label + 10)
        );

    private static IEnumerable<string> Colour(Panel panel)
    {
        var next = 0;
        foreach (var series in panel.Series)
        {
            yield return series.Colour ?? (series.TakesColour ? Palette.At(next++) : Fonts.Ink);
        }
    }

    private static (double, double) Box(Panel panel, Scale x, Scale y, double widest)
    {
        var width = Math.Min(panel.Width, widest);
        if (!panel.EqualAspect)
        {
            return (width, panel.Height);
        }

        const double least = 60;
        // Scales are between the pixels 0 and 1 here, so that a unit's length is the range's inverse.
        var ratio = x.PixelsPerUnit / y.PixelsPerUnit;
        return ratio <= 1 ? (width, Math.Max(width * ratio, least)) : (Math.Max(width / ratio, least), width);
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
