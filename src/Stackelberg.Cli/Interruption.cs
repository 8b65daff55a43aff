using System.Runtime.InteropServices;

namespace Stackelberg.Cli;

/// <summary>
/// Turns the first Ctrl-C, or a request to terminate, into a cancellation; the second one ends the process.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly PosixSignalRegistration[] registrations;
    private int signals;

    public Interruption()
    {
        registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
        ];
    }

    public CancellationToken Token => source.Token;

    /// <summary>Cancels when the standard input ends, as it does when the process that began this one ends.</summary>
    /// <remarks>
    /// It does not count as a Ctrl-C: a terminal sends that to both processes, so that the end of the input
    /// and the signal arrive in any order.
    /// </remarks>
    public void FollowInput(Stream input)
    {
        var watch = new Thread(() =>
        {
            Span<byte> ignored = stackalloc byte[64];
            while (input.Read(ignored) > 0) { }

            source.Cancel();
        })
        {
            IsBackground = true,
        };
        watch.Start();
    }

    public void Dispose()
    {
        Array.ForEach(registrations, registration => registration.Dispose());
        source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = Interlocked.Increment(ref signals) == 1;
        source.Cancel();
    }
}
