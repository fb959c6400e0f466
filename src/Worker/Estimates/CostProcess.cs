using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using NeuralCapacitance.Domain.Estimates;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Datasets;
using NeuralCapacitance.Worker.Hosting;

namespace NeuralCapacitance.Worker.Estimates;

/// <summary>Runs <see cref="MeasureCommand"/> with this process's settings.</summary>
internal sealed class CostProcess(IConfiguration configuration, TimeProvider time)
{
    /// <summary>For one candidate: on a machine that is this slow, or where the process hangs, there is nothing to wait for.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>A process that fails is a reason, not an exception.</summary>
    /// <exception cref="OperationCanceledException">The process is gone then.</exception>
    public async Task<CostOutcome> MeasureAsync(CostRequest request, CancellationToken cancellationToken)
    {
        // Ours to delete: the process may be killed.
        var images = Directory.CreateTempSubdirectory("nc-measure-");
        using var patience = new CancellationTokenSource(Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        using var process = Start(images.FullName);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(both.Token);
            var errors = process.StandardError.ReadToEndAsync(both.Token);
            await WriteAsync(process, JsonSerializer.Serialize(request, JobSpecJson.Options));
            await process.WaitForExitAsync(both.Token);
            return process.ExitCode == 0
                ? JsonSerializer.Deserialize<CostOutcome>(await output, JobSpecJson.Options)!
                : new CostOutcome(Cost: null, Reason(process.ExitCode, await errors, request));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new CostOutcome(Cost: null, $"The measurement took more than {Patience.TotalMinutes} minutes.");
        }
        finally
        {
            await EndAsync(process);
            images.Delete(recursive: true);
        }
    }

    private static string Reason(int status, string errors, CostRequest request) => status == OwnProcess.KilledStatus
        ? $"The system ended the measurement, in all likelihood since {request.Candidate.Name} does not fit into memory with {request.Spec.Training.BatchSize} "
            + $"images of side {request.Spec.Training.ImageSize}; lower training.batchSize or training.imageSize."
        : $"The measurement ended with status {status}: {errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault() ?? "no message"}";

    private Process Start(string cache) => Process.Start(OwnProcess.Start(
        [MeasureCommand.Name], configuration, KeyValuePair.Create($"{DatasetOptions.Section}:{nameof(DatasetOptions.CacheRoot)}", cache)))!;

    private static async Task WriteAsync(Process process, string request)
    {
        try
        {
            await process.StandardInput.WriteAsync(request);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already; its status tells more.
        }
    }

    private static async Task EndAsync(Process process)
    {
        try
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It ended by itself in between.
        }
        await process.WaitForExitAsync(CancellationToken.None);
    }
}
