using Stackelberg;
using Stackelberg.Cli;

var terminal = new Terminal(Console.Out, Console.Error, !Console.IsOutputRedirected);
using var interruption = new Interruption();
return CommandLine.Invoke(args, terminal, ExperimentTable.Default, interruption.Token);
