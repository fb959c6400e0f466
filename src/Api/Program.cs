using System.CommandLine;
using NeuralCapacitance.Api.CommandLine;
using NeuralCapacitance.CommandLine;
using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Api;

internal static class Program
{
    /// <summary>Long enough for a worker to leave its training step and for the embedded database to shut down.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(60);

    private static Task<int> Main(string[] args)
    {
        SmallMatrices.ComputeOnOneThread();
        var root = new RootCommand("Neural capacitance: which pretrained backbone should I fine-tune for my images?")
        {
            RunCommand.Create(),
            ServeCommand.Create(),
            DatabaseCommand.Create(),
            KeysCommand.Create(),
            WebhooksCommand.Create(),
        };
        var client = ClientCommands.Create();
        foreach (var command in client) root.Subcommands.Add(command);
        ServeCommand.MakeDefault(root);
        return ClientCommands.RunAsync(root.Parse(args), client, new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = ShutdownTimeout,
        });
    }
}
