using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Infrastructure.Access;

namespace NeuralCapacitance.Api.Tests.Examples;

/// <summary>The whole service with a key, and trials that are played as they come: the first candidate learns best.</summary>
public sealed class PlayingService : IAsyncLifetime
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly ServiceFixture _service = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _playing = Task.CompletedTask;

    public ServiceFixture Service => _service;

    /// <summary>What a client finds in its environment.</summary>
    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal);

    public async Task InitializeAsync()
    {
        await _service.InitializeAsync();
        Variables["NEURAL_CAPACITANCE_URL"] = _service.Address.ToString();
        Variables["NEURAL_CAPACITANCE_KEY"] = (await _service.Services.GetRequiredService<ApiKeyStore>().CreateAsync("pipeline", Role.Submit, expiresAt: null, Actor.Service, default)).Secret;
        _service.Client.DefaultRequestHeaders.Authorization = new("Bearer", Variables["NEURAL_CAPACITANCE_KEY"]);
        _playing = PlayAsync(_stop.Token);
    }

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _playing;
        await _service.DisposeAsync();
        _stop.Dispose();
    }

    /// <summary>Runs a program in this environment, with what else is given.</summary>
    public async Task<Ran> RunAsync(string program, IEnumerable<string> arguments, string folder, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder,
        };
        foreach (var (name, value) in Variables.Select(variable => (variable.Key, variable.Value)).Concat(variables)) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return new(process.ExitCode, await output, await errors);
    }

    private async Task PlayAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            if (await _service.Trials.ClaimNextAsync("player", $"signal-{Guid.NewGuid()}", "cpu", CancellationToken.None) is not { } claimed)
            {
                await Task.Delay(Pause, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                continue;
            }

            await _service.ObserveAsync(claimed, 0, claimed.Trial.EpochsTarget);
            await _service.Trials.SucceedAsync(claimed.Lease, weightsPath: null, CancellationToken.None);
        }
    }

    /// <summary>How a program ended.</summary>
    public sealed record Ran(int Code, string Output, string Errors)
    {
        public override string ToString() => $"exit code {Code}\n{Output}\n{Errors}";
    }
}
