using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using NeuralCapacitance.Infrastructure.Postgres.Embedded;
using NeuralCapacitance.Infrastructure.Storage;
using NeuralCapacitance.Worker.Settings;

namespace NeuralCapacitance.Api.CommandLine;

/// <summary><c>database</c>: the private PostgreSQL alone, without the service, for <c>pg_dump</c> and <c>pg_restore</c>. In a new root it is made, and is empty.</summary>
internal static class DatabaseCommand
{
    public static Command Create()
    {
        var root = new Option<string>("--root") { Description = "Storage:Root whose database it is.", DefaultValueFactory = _ => new StorageOptions().Root };
        var database = new Command("database", "Run the private PostgreSQL of a Storage:Root alone, until Ctrl-C: for backups, and to restore one into a new root.") { root };
        database.SetAction((arguments, cancellationToken) => RunAsync(arguments.GetValue(root)!, Console.Out, Console.Error, cancellationToken));
        return database;
    }

    internal static async Task<int> RunAsync(string root, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        try
        {
            await using var postgres = await EmbeddedPostgres.StartAsync(new StorageOptions { Root = root }, NullLogger.Instance, cancellationToken);
            await output.WriteLineAsync($"Ready: {postgres.ConnectionString}");
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return 0;
        }
        catch (Exception e) when (StartFailure.Explain(e) is { Count: > 0 } faults)
        {
            await errors.WriteLineAsync(StartFailure.Describe("The database", faults));
            return 1;
        }
    }
}
