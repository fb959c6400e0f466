using System.CommandLine;
using NeuralCapacitance.Api.Hosting;
using NeuralCapacitance.Worker.Settings;

namespace NeuralCapacitance.Api.CommandLine;

/// <summary><c>serve</c>: the service until it is told to stop. What the command does not know is configuration: <c>--Worker:InProcess=true</c>.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var serve = new Command("serve", "Serve the HTTP API (the default). Settings are passed as --Section:Key=value.");
        MakeDefault(serve);
        return serve;
    }

    public static void MakeDefault(Command command)
    {
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(async (arguments, cancellationToken) =>
        {
            WebApplication? app = null;
            try
            {
                app = ServiceHost.Build(arguments.UnmatchedTokens);
                await app.StartAsync(cancellationToken);
                await app.WaitForShutdownAsync(cancellationToken);
                return 0;
            }
            catch (Exception e) when (StartFailure.Explain(e) is { Count: > 0 } faults)
            {
                await Console.Error.WriteLineAsync(StartFailure.Describe("The service", faults));
                return 1;
            }
            finally
            {
                if (app is not null) await app.DisposeAsync();
            }
        });
    }
}
