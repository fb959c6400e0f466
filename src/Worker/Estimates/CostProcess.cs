using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using NeuralCapacitance.Domain.Backbones;
using NeuralCapacitance.Domain.Estimates;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Datasets;
using NeuralCapacitance.Worker.Hosting;
using NeuralCapacitance.Worker.TorchScript;
using NeuralCapacitance.Worker.Weights;

namespace NeuralCapacitance.Worker.Estimates;

/// <summary>Runs <see cref="MeasureCommand"/> with this process's settings.</summary>
internal sealed class CostProcess(IConfiguration configuration, TimeProvider time, TorchScriptGuard guard)
{
    /// <summary>For one candidate: on a machine that is this slow, or where the process hangs, there is nothing to wait for.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>A process that fails is a reason, not an exception.</summary>
    /// <exception cref="OperationCanceledException">The process is gone then.</exception>
    public async Task<CostOutcome> MeasureAsync(CostRequest request, CancellationToken cancellationToken)
    {
        // Ours to delete: the process may be killed.
        var images = Directory.CreateTempSubdirectory("nc-measure-");
        try
        {
            var end = await OwnCommand.RunAsync(StartOf(request.Candidate, images.FullName), JsonSerializer.Serialize(request, JobSpecJson.Options), Patience, time, cancellationToken);
            return end.Status == 0
                ? JsonSerializer.Deserialize<CostOutcome>(end.Output, JobSpecJson.Options)!
                : new CostOutcome(Cost: null, Reason(end, request));
        }
        catch (Exception e) when (e is TorchScriptRefusedException or WeightsException)
        {
            return new CostOutcome(Cost: null, $"{e.Message.TrimEnd('.')}.");
        }
        finally
        {
            images.Delete(recursive: true);
        }
    }

    /// <exception cref="TorchScriptRefusedException">The candidate is a program that may not run here.</exception>
    /// <exception cref="WeightsException">It has no file, or another one.</exception>
    private ProcessStartInfo StartOf(CandidateSpec candidate, string scratch)
    {
        var cache = Directory.CreateDirectory(Path.Combine(scratch, "cache")).FullName;
        var places = guard.AbsolutePlaces.Append(KeyValuePair.Create($"{DatasetOptions.Section}:{nameof(DatasetOptions.CacheRoot)}", cache));
        var start = OwnProcess.Start([MeasureCommand.Name], configuration, places);
        if (candidate.Backbone is not TorchScriptBackbone.Name) return start;
        var model = guard.FileOf(candidate);
        if (guard.SandboxOrThrow() is not { } bubblewrap) return start;
        Directory.CreateDirectory(Path.Combine(scratch, "tmp"));
        return Sandbox.Wrap(bubblewrap, start, guard.Torch, new(scratch, guard.Artifacts.Places, new Dictionary<string, string>(StringComparer.Ordinal) { [cache] = cache }, [model]), diesWithThread: false);
    }

    private static string Reason(CommandEnd end, CostRequest request) => end.Status switch
    {
        null => $"The measurement took more than {Patience.TotalMinutes} minutes.",
        OwnProcess.KilledStatus => $"The system ended the measurement, in all likelihood since {request.Candidate.Name} does not fit into memory with {request.Spec.Training.BatchSize} "
            + $"images of side {request.Spec.Training.ImageSize}; lower training.batchSize or training.imageSize.",
        { } status => $"The measurement ended with status {status}: {end.FirstError}",
    };
}
