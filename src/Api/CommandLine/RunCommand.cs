using System.CommandLine;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NeuralCapacitance.Api.Access;
using NeuralCapacitance.Api.Hosting;
using NeuralCapacitance.Client;
using NeuralCapacitance.CommandLine;
using NeuralCapacitance.Worker.Settings;
using Spectre.Console;

namespace NeuralCapacitance.Api.CommandLine;

/// <summary><c>run</c>: the whole service in one process, and one selection job on it, submitted and followed as any client would.</summary>
internal static class RunCommand
{
    private const int DefaultPort = 5080;

    public static Command Create()
    {
        var port = new Option<int>("--port") { Description = "Port on 127.0.0.1; 0 takes a free one.", DefaultValueFactory = _ => DefaultPort };
        var data = new Option<DirectoryInfo?>("--data") { Description = "Image folder to use: train/CLASS/*.jpg and test/CLASS/*.jpg." };
        var spec = new Option<FileInfo?>("--spec") { Description = "Job spec (JSON) to submit in place of the example." };
        var once = new Option<bool>("--once") { Description = "Exit after the ranking." };
        var verbose = new Option<bool>("--verbose") { Description = "Show the whole log." };
        var run = new Command("run", "Start everything in one process, submit a job, show its progress and ranking, and keep serving.")
        {
            port, data, spec, once, verbose,
        };
        run.TreatUnmatchedTokensAsErrors = false;
        run.Validators.Add(result =>
        {
            if (result.GetValue(data) is not null && result.GetValue(spec) is not null)
            {
                result.AddError("--data and --spec exclude each other: a spec names its own data set.");
            }

            if (result.GetValue(port) is < 0 or > 65_535)
            {
                result.AddError($"--port {result.GetValue(port)} is out of range; 0 … 65535 would be accepted.");
            }
        });
        run.SetAction((arguments, cancellationToken) => RunAsync(
            new RunOptions(
                arguments.GetValue(port), arguments.GetValue(data), arguments.GetValue(spec),
                arguments.GetValue(once), arguments.GetValue(verbose), arguments.UnmatchedTokens),
            Surroundings.ConsoleOf(Console.Out, Console.IsOutputRedirected),
            cancellationToken));
        return run;
    }

    private static async Task<int> RunAsync(RunOptions options, IAnsiConsole console, CancellationToken cancellationToken)
    {
        string spec;
        try
        {
            spec = RunSpec.Build(options);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            console.MarkupLineInterpolated($"[red]{e.Message}[/]");
            return 1;
        }

        console.MarkupLine("[grey]Starting the service …[/]");
        var key = new ProcessKey();
        WebApplication? app = null;
        try
        {
            app = ServiceHost.Build(options.Settings, Settings(options), services => services
                .AddSingleton(key)
                // The command stops the service, after it has told the job to stop; a signal goes to the command.
                .Replace(ServiceDescriptor.Singleton<IHostLifetime, CommandLifetime>()));
            await app.StartAsync(cancellationToken);
            return await FollowAsync(app, key, spec, options, console, cancellationToken);
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
    }

    private static async Task<int> FollowAsync(WebApplication app, ProcessKey key, string spec, RunOptions options, IAnsiConsole console, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new NeuralCapacitanceClient(new Uri(app.Urls.First()), new ClientOptions { ApiKey = key.Secret });
            var session = new RunSession(client, console);
            var outcome = await session.SelectAsync(spec, cancellationToken);
            if (!options.Once && outcome is not RunOutcome.Refused)
            {
                console.MarkupLine("[grey]Serving until Ctrl-C.[/]");
                await WaitAsync(cancellationToken);
            }

            return outcome is RunOutcome.Ranked ? 0 : 1;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return options.Once ? 130 : 0;
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException or IOException or ServiceException)
        {
            console.MarkupLineInterpolated($"[red]{e.Message}[/]");
            return 1;
        }
        finally
        {
            console.MarkupLine("[grey]Stopping …[/]");
            await app.StopAsync(CancellationToken.None);
        }
    }

    private static async Task WaitAsync(CancellationToken cancellationToken)
        => await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private static Dictionary<string, string?> Settings(RunOptions options)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            [WebHostDefaults.ServerUrlsKey] = $"http://127.0.0.1:{options.Port}",
            ["Worker:InProcess"] = "true",
        };
        if (options.Data is { } data)
        {
            settings["Storage:DataRoots:run"] = data.FullName;
            settings["Datasets:DataRoots:run"] = data.FullName;
        }

        if (!options.Verbose)
        {
            settings["Serilog:MinimumLevel:Default"] = "Warning";
            settings["Serilog:MinimumLevel:Override:Microsoft.Hosting.Lifetime"] = "Warning";
        }

        return settings;
    }

    /// <summary>Leaves signals alone.</summary>
    private sealed class CommandLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
