using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Domain.Estimates;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Hosting;
using NeuralCapacitance.Worker.Memory;
using NeuralCapacitance.Worker.Training;

namespace NeuralCapacitance.Worker.Estimates;

/// <summary>
/// <c>measure</c>: reads a <see cref="CostRequest"/>, writes a <see cref="CostOutcome"/>, both JSON. A process of its own for each candidate
/// disturbs no trial's random numbers, knows its own memory, and takes nothing with it when the system ends it for taking too much.
/// </summary>
internal static class MeasureCommand
{
    public const string Name = "measure";

    /// <param name="settings">Configuration as <c>--Section:Key=value</c>.</param>
    public static async Task RunAsync(string[] settings, TextReader input, TextWriter output, CancellationToken cancellationToken)
    {
        FirstToGo.Volunteer();
        var request = JsonSerializer.Deserialize<CostRequest>(await input.ReadToEndAsync(cancellationToken), JobSpecJson.Options)!;
        var outcome = Measure(request, settings, cancellationToken);
        await output.WriteLineAsync(JsonSerializer.Serialize(outcome, JobSpecJson.Options));
    }

    private static CostOutcome Measure(CostRequest request, string[] settings, CancellationToken cancellationToken)
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(settings).Build();
        using var services = new ServiceCollection().AddTraining(configuration).AddSingleton<CostMeasurement>().BuildServiceProvider();
        var device = services.GetRequiredService<ComputeDevice>();
        if (services.GetRequiredService<IOptions<WorkerOptions>>().Value.MemoryLimitBytes is { } limit) ProcessMemoryLimit.Impose(limit);
        try
        {
            return new CostOutcome(services.GetRequiredService<CostMeasurement>().Measure(request, device, cancellationToken), Reason: null);
        }
        catch (Exception e) when (Explain(e, request, device) is { } reason)
        {
            return new CostOutcome(Cost: null, reason);
        }
    }

    private static string? Explain(Exception exception, CostRequest request, ComputeDevice device) => exception switch
    {
        TrialFailedException failed => failed.Failure.Message,
        _ => TrialFailures.Explain(exception, request.Spec, request.Candidate, device)?.Message,
    };
}
