using System.Reflection;
using NeuralCapacitance.Infrastructure;
using NeuralCapacitance.Worker.Settings;

namespace NeuralCapacitance.Api.CommandLine;

/// <summary>The database, for the time of one command, beside a service that runs or without one.</summary>
internal static class CommandHost
{
    /// <param name="settings">As <c>--Section:Key=value</c>; they win over the environment and the file, as they do for <c>serve</c>.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> settings, Func<IServiceProvider, Task<int>> run, CancellationToken cancellationToken)
    {
        if (SettingTokens.Unknown(settings) is { Count: > 0 } unknown)
        {
            foreach (var token in unknown) await Console.Error.WriteLineAsync($"'{token}' is unknown; settings are passed as --Section:Key=value.");
            return 1;
        }

        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
        {
            Args = [.. settings], ContentRootPath = Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location),
        });
        // Secrets in files are settings too.
        var review = SettingsReview.Begin(builder.Configuration, typeof(CommandHost).Assembly);
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Warning).AddSimpleConsole(console => console.SingleLine = true);
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddKeyStore(builder.Configuration);
        try
        {
            using var host = builder.Build();
            review.End(host.Services);
            // Migrates a database that nobody has served yet.
            await host.StartAsync(cancellationToken);
            try
            {
                return await run(host.Services);
            }
            finally
            {
                await host.StopAsync(CancellationToken.None);
            }
        }
        catch (Exception e) when (StartFailure.Explain(e) is { Count: > 0 } faults)
        {
            await Console.Error.WriteLineAsync(StartFailure.Describe("The command", faults));
            return 1;
        }
    }
}
