using Stackelberg;
using Stackelberg.Cli;

var terminal = new Terminal(Console.Out, Console.Error, !Console.IsOutputRedirected);

// Not disposed: the process may end while the thread that follows the input still holds it.
var interruption = new Interruption();
if (WorkerProcess.IsOne)
{
    interruption.FollowInput(Console.OpenStandardInput());
}

// A script may have begun threads that go on.
var experiments = UserExperiments.In(terminal, interruption.Token);
Environment.Exit(CommandLine.Invoke(args, terminal, experiments, interruption.Token));
