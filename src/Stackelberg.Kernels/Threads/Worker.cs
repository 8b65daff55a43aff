using System.Diagnostics;

namespace Stackelberg.Kernels;

/// <summary>A thread that waits for jobs: first awake, then asleep.</summary>
internal sealed class Worker
{
    /// <summary>How long a worker stays awake for the next job: the steps of a program follow each other quickly, and
    /// waking a thread takes longer than a small step.</summary>
    private static readonly long Patience = Stopwatch.Frequency / 20_000;

    /// <summary>Stands where a worker's job stood while the worker is at it.</summary>
    private static readonly Job Busy = new();

    private Job? _job;
    private bool _asleep;

    public Worker(int number)
    {
        var thread = new Thread(Work) { IsBackground = true, Name = $"Stackelberg.Kernels worker {number}" };
        thread.Start();
    }

    /// <summary>Gives the worker a job if it has none.</summary>
    public bool TryGive(Job job)
    {
        if (Interlocked.CompareExchange(ref _job, job, null) is not null)
        {
            return false;
        }

        if (Volatile.Read(ref _asleep))
        {
            lock (this)
            {
                Monitor.Pulse(this);
            }
        }

        return true;
    }

    /// <summary>Takes a job back that the worker has not begun.</summary>
    public bool TryTakeBack(Job job) => Interlocked.CompareExchange(ref _job, null, job) == job;

    private void Work()
    {
        while (true)
        {
            Job job = Next();
            job.Help();
            Volatile.Write(ref _job, null);
            job.Dismiss();
        }
    }

    private Job Next()
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetTimestamp() - start < Patience)
        {
            if (TryBegin() is Job job)
            {
                return job;
            }

            Thread.SpinWait(10);
        }

        lock (this)
        {
            // Written before the job is looked at, as the giver writes the job before it looks at this.
            Interlocked.Exchange(ref _asleep, true);
            while (true)
            {
                if (TryBegin() is Job job)
                {
                    Volatile.Write(ref _asleep, false);
                    return job;
                }

                Monitor.Wait(this);
            }
        }
    }

    private Job? TryBegin()
    {
        Job? job = Volatile.Read(ref _job);
        return job is not null && Interlocked.CompareExchange(ref _job, Busy, job) == job ? job : null;
    }
}
