namespace Stackelberg.Kernels;

/// <summary>Work that falls into chunks, each with results of its own.</summary>
internal interface ISplitWork
{
    /// <summary>Computes one chunk.</summary>
    /// <param name="workspace">The memory of the run.</param>
    /// <param name="chunk">Which one.</param>
    /// <param name="part">Which of the threads at work computes it, from 0: the thread's own scratch memory goes by
    /// this number.</param>
    void Run(Workspace workspace, int chunk, int part);
}
