namespace Stackelberg.Kernels;

/// <summary>The worker threads of the process, and the division of work between them and the calling thread.</summary>
/// <remarks>May be used from several threads at once: who finds all workers taken works alone. Allocates only when
/// more threads or more simultaneous jobs are wanted than ever before.</remarks>
internal static class Workers
{
    /// <summary>Multiplications for each thread, at least. Measured with AVX-512: a product of 160³ floats, two million
    /// for each of two threads, takes 31 µs on one and 19 µs on two; where no processor is free for the second, handing
    /// over costs the first 2 to 5 µs.</summary>
    private const double Worthwhile = 2_000_000.0;

    private static readonly Lock Growth = new();
    private static readonly Job?[] Spare = new Job?[16];
    private static Worker[] _workers = [];

    /// <summary>How many threads are worth having for so much work in so many chunks.</summary>
    public static int Parts(double multiplications, int chunks)
    {
        int most = (int)Math.Min(multiplications / Worthwhile, Parallelism.Threads);
        return Math.Max(1, Math.Min(most, chunks));
    }

    /// <summary>Computes all chunks, by up to <paramref name="parts"/> threads.</summary>
    public static void Run(ISplitWork work, Workspace workspace, int chunks, int parts)
    {
        int helpers = Math.Min(Math.Min(parts, Parallelism.Threads), chunks) - 1;
        if (helpers < 1)
        {
            for (int chunk = 0; chunk < chunks; chunk++)
            {
                work.Run(workspace, chunk, 0);
            }

            return;
        }

        Worker[] workers = AtLeast(helpers);
        Job job = Rent();
        job.Begin(work, workspace, chunks, helpers);
        int given = 0;
        foreach (Worker worker in workers)
        {
            if (given == helpers)
            {
                break;
            }

            if (worker.TryGive(job))
            {
                given++;
            }
        }

        job.Help();
        for (int missing = helpers - given; missing > 0; missing--)
        {
            job.Dismiss();
        }

        // A worker that has not even woken up is not waited for.
        foreach (Worker worker in workers)
        {
            if (worker.TryTakeBack(job))
            {
                job.Dismiss();
            }
        }

        try
        {
            job.End();
        }
        finally
        {
            Return(job);
        }
    }

    private static Worker[] AtLeast(int count)
    {
        Worker[] workers = Volatile.Read(ref _workers);
        if (workers.Length >= count)
        {
            return workers;
        }

        lock (Growth)
        {
            workers = _workers;
            if (workers.Length < count)
            {
                int have = workers.Length;
                Array.Resize(ref workers, count);
                for (int i = have; i < count; i++)
                {
                    workers[i] = new Worker(i + 1);
                }

                Volatile.Write(ref _workers, workers);
            }

            return workers;
        }
    }

    private static Job Rent()
    {
        foreach (ref Job? place in Spare.AsSpan())
        {
            if (place is not null && Interlocked.Exchange(ref place, null) is Job job)
            {
                return job;
            }
        }

        return new Job();
    }

    private static void Return(Job job)
    {
        foreach (ref Job? place in Spare.AsSpan())
        {
            if (place is null && Interlocked.CompareExchange(ref place, job, null) is null)
            {
                return;
            }
        }
    }
}
