namespace Stackelberg.Cli;

/// <summary>
/// Progress as plain lines: when a stage begins, at every quarter that it reaches, and every ten seconds, whether or not
/// anything is known of it by then; after two seconds with the time that is left and the newest metrics.
/// </summary>
internal sealed class ProgressLines : IProgress<RunProgress>, IDisposable
{
    private static readonly TimeSpan longStage = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan longSilence = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly Dictionary<string, Stage> stages = new(StringComparer.Ordinal);
    private readonly TextWriter output;
    private readonly TimeProvider time;
    private readonly bool isQuiet;
    private readonly ITimer timer;
    private Stage? current;
    private bool isOver;

    /// <summary>Lines that go to an output by a clock; if they are to be quiet, a stage is mentioned only once it has taken two
    /// seconds.</summary>
    public ProgressLines(TextWriter output, TimeProvider time, bool isQuiet = false)
    {
        (this.output, this.time, this.isQuiet) = (output, time, isQuiet);
        timer = time.CreateTimer(_ => Tick(), null, longStage, longStage);
    }

    public void Report(RunProgress value)
    {
        lock (gate)
        {
            if (isOver)
            {
                return;
            }

            if (value.Note is { } note)
            {
                output.WriteLine(PlainText.Lines(note));
                return;
            }

            var now = time.GetTimestamp();
            if (!stages.TryGetValue(value.Stage, out var stage))
            {
                stage = new Stage { Began = now, BeganAt = value.Fraction };
                stages.Add(value.Stage, stage);
            }

            (current, stage.Last) = (stage, value);
            var quarter = (int)(value.Fraction * 4);
            if (quarter > stage.Quarter)
            {
                if (!isQuiet || stage.HasLine || time.GetElapsedTime(stage.Began, now) >= longStage)
                {
                    Line(stage, quarter * 25, now);
                }

                stage.Quarter = quarter;
            }
            else if (stage.HasLine && time.GetElapsedTime(stage.LastLine, now) >= longSilence)
            {
                Line(stage, (int)(value.Fraction * 100), now);
            }
        }
    }

    public void Dispose()
    {
        timer.Dispose();
        lock (gate)
        {
            isOver = true;
        }
    }

    // What reports nothing for long is not stuck.
    private void Tick()
    {
        lock (gate)
        {
            if (isOver || current is not { Last.Fraction: < 1 } stage)
            {
                return;
            }

            var now = time.GetTimestamp();
            var silence = time.GetElapsedTime(stage.HasLine ? stage.LastLine : stage.Began, now);
            if (silence >= (stage.HasLine ? longSilence : longStage))
            {
                Line(stage, (int)(stage.Last!.Fraction * 100), now);
            }
        }
    }

    private void Line(Stage stage, int percent, long now)
    {
        (stage.HasLine, stage.LastLine) = (true, now);
        var value = stage.Last!;
        var elapsed = time.GetElapsedTime(stage.Began, now);
        var words = "";
        if (elapsed >= longStage)
        {
            var done = value.Fraction - stage.BeganAt;
            words =
                value.Fraction >= 1 ? ""
                : done > 0 ? $", {Duration.Left(elapsed * ((1 - value.Fraction) / done))}"
                : $", {Duration.Words(elapsed)} so far";
            words += value.Metric is { } metric ? $", {metric}" : "";
        }

        output.WriteLine(PlainText.Line($"{value.Stage}: {percent} %{words}"));
    }

    private sealed class Stage
    {
        public long Began { get; init; }

        // A resumed stage begins in its midst.
        public double BeganAt { get; init; }

        public RunProgress? Last { get; set; }

        public int Quarter { get; set; } = -1;

        public bool HasLine { get; set; }

        public long LastLine { get; set; }
    }
}
