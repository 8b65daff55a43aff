namespace Stackelberg.Tests;

/// <summary>A clock that stands until a test moves it, so that no load on the machine makes anything late.</summary>
internal sealed class ManualClock : TimeProvider
{
    private TimerCallback? tick;

    public double Seconds { get; set; }

    public override long TimestampFrequency => 1000;

    public override long GetTimestamp() => (long)(Seconds * 1000);

    public override ITimer CreateTimer(
        TimerCallback callback,
        object? state,
        TimeSpan dueTime,
        TimeSpan period
    )
    {
        tick = callback;
        return new Timer();
    }

    /// <summary>What the timer would do now.</summary>
    public void Tick() => tick!(null);

    private sealed class Timer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() { }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
