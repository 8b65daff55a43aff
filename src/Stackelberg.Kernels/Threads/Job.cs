using System.Runtime.ExceptionServices;

namespace Stackelberg.Kernels;

/// <summary>One division of work between threads. Each thread takes the next chunk until none is left.</summary>
internal sealed class Job
{
    private ISplitWork? _work;
    private Workspace? _workspace;
    private int _chunks;
    private int _taken;
    private int _parts;
    private int _helpers;
    private ExceptionDispatchInfo? _failure;

    public void Begin(ISplitWork work, Workspace workspace, int chunks, int helpers)
    {
        (_work, _workspace, _chunks, _taken, _parts) = (work, workspace, chunks, 0, 0);
        Volatile.Write(ref _helpers, helpers);
    }

    /// <summary>Takes part until no chunk is left. Keeps the first failure for the caller.</summary>
    public void Help()
    {
        int part = Interlocked.Increment(ref _parts) - 1;
        try
        {
            for (
                int chunk = Interlocked.Increment(ref _taken) - 1;
                chunk < _chunks;
                chunk = Interlocked.Increment(ref _taken) - 1
            )
            {
                _work!.Run(_workspace!, chunk, part);
            }
        }
#pragma warning disable CA1031 // The failure is thrown again where the work came from.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(failure), null);
            Volatile.Write(ref _taken, _chunks);
        }
    }

    /// <summary>Tells the caller that one helper is done, or was never needed.</summary>
    public void Dismiss()
    {
        if (Interlocked.Decrement(ref _helpers) == 0)
        {
            lock (this)
            {
                Monitor.Pulse(this);
            }
        }
    }

    /// <summary>Waits for the helpers, then throws what any thread threw.</summary>
    public void End()
    {
        var spinner = new SpinWait();
        while (Volatile.Read(ref _helpers) > 0 && !spinner.NextSpinWillYield)
        {
            spinner.SpinOnce();
        }

        lock (this)
        {
            while (Volatile.Read(ref _helpers) > 0)
            {
                Monitor.Wait(this);
            }
        }

        ExceptionDispatchInfo? failure = _failure;
        (_work, _workspace, _failure) = (null, null, null);
        failure?.Throw();
    }
}
