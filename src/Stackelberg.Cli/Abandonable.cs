using System.Diagnostics;

namespace Stackelberg.Cli;

/// <summary>Work that may never end, as a script's may not.</summary>
internal static class Abandonable
{
    // What hears the cancellation ends sooner, and may leave its results in order.
    private static readonly TimeSpan grace = TimeSpan.FromSeconds(1);

    /// <summary>So long work is waited for that has something to save, in time of this process on the processor: a busy
    /// machine takes nothing away from it.</summary>
    public static readonly TimeSpan LongGrace = TimeSpan.FromSeconds(10);

    // The most that a busy machine, or work that waits for something, can draw the grace out.
    private const int drawnOut = 12;
    private static readonly TimeSpan look = TimeSpan.FromMilliseconds(50);

    // Deep expressions take deep recursions.
    private const int stackBytes = 64 << 20;

    /// <summary>Does work on a thread of its own and waits for it; after a cancellation only so long as it takes to hear
    /// it.</summary>
    /// <remarks>Work that does not hear it goes on until the process ends.</remarks>
    /// <param name="work">The work.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="hasResults">Whether the work has something to save, so that it is waited for longer.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static T Run<T>(Func<T> work, CancellationToken cancellation, Func<bool>? hasResults = null)
    {
        cancellation.ThrowIfCancellationRequested();
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(
            () =>
            {
                try
                {
                    done.SetResult(work());
                }
                catch (Exception fault)
                {
                    done.SetException(fault);
                }
            },
            stackBytes
        )
        {
            IsBackground = true,
        };
        thread.Start();
        try
        {
            done.Task.Wait(cancellation);
        }
        catch (OperationCanceledException)
        {
            if (!(hasResults?.Invoke() == true ? EndsWithinLongGrace(done.Task) : Ends(done.Task, grace)))
            {
                throw;
            }
        }
        catch (AggregateException)
        {
            // Raised below as the work raised it.
        }

        return done.Task.GetAwaiter().GetResult();
    }

    private static bool Ends(Task work, TimeSpan within) =>
        Task.WhenAny(work, Task.Delay(within, CancellationToken.None)).GetAwaiter().GetResult() == work;

    private static bool EndsWithinLongGrace(Task work)
    {
        var begun = Stopwatch.GetTimestamp();
        var used = Environment.CpuUsage.TotalTime;
        while (!Ends(work, look))
        {
            var passed = Stopwatch.GetElapsedTime(begun);
            if (
                passed >= LongGrace
                && (Environment.CpuUsage.TotalTime - used >= LongGrace || passed >= drawnOut * LongGrace)
            )
            {
                return false;
            }
        }

        return true;
    }
}
