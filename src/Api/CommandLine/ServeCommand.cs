using System.CommandLine;
using NeuralCapacitance.Api.Hosting;

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
            await using var app = ServiceHost.Build(arguments.UnmatchedTokens);
            try
            {
                await app.StartAsync(cancellationToken);
            }
            catch (Exception e) when (StartFailure.Explain(e) is { } explanation)
            {
                await Console.Error.WriteLineAsync($"The service cannot start: {explanation}");
                return 1;
            }

            await app.WaitForShutdownAsync(cancellationToken);
            return 0;
        });
    }
}
