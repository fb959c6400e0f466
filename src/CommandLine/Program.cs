using System.CommandLine;

namespace NeuralCapacitance.CommandLine;

internal static class Program
{
    /// <summary>Long enough to tell the service that a job is to stop.</summary>
    private static readonly TimeSpan InterruptTimeout = TimeSpan.FromSeconds(15);

    private static Task<int> Main(string[] args)
    {
        var root = new RootCommand("Neural capacitance: which pretrained backbone should I fine-tune for my images? Asks a service; see --url.");
        foreach (var command in ClientCommands.Create()) root.Subcommands.Add(command);
        return ClientCommands.RunAsync(root.Parse(args), [root], new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = InterruptTimeout });
    }
}
