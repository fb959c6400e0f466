using System.CommandLine;
using NeuralCapacitance.Api.CommandLine;
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
        };
        ServeCommand.MakeDefault(root);
        return root.Parse(args).InvokeAsync(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = ShutdownTimeout,
        });
    }
}
