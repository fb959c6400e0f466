using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using NeuralCapacitance.Domain.Estimates;
using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Worker.Estimates;

/// <summary>Runs <see cref="MeasureCommand"/> with this process's settings.</summary>
internal sealed class CostProcess(IConfiguration configuration)
{
    private const int KilledStatus = 128 + 9;

    /// <summary>What a measurement depends on.</summary>
    private static readonly string[] Sections = ["Worker", "Storage"];

    /// <summary>A process that fails is a reason, not an exception.</summary>
    /// <exception cref="OperationCanceledException">The process is gone then.</exception>
    public async Task<CostOutcome> MeasureAsync(CostRequest request, CancellationToken cancellationToken)
    {
        using var process = Start();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await WriteAsync(process, JsonSerializer.Serialize(request, JobSpecJson.Options));
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0
                ? JsonSerializer.Deserialize<CostOutcome>(await output, JobSpecJson.Options)!
                : new CostOutcome(Cost: null, Reason(process.ExitCode, await errors, request));
        }
        finally
        {
            End(process);
        }
    }

    private static string Reason(int status, string errors, CostRequest request) => status == KilledStatus
        ? $"The system ended the measurement, in all likelihood since {request.Candidate.Name} does not fit into memory with {request.Spec.Training.BatchSize} "
            + $"images of side {request.Spec.Training.ImageSize}; lower training.batchSize or training.imageSize."
        : $"The measurement ended with status {status}: {errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault() ?? "no message"}";

    private Process Start() => Process.Start(new ProcessStartInfo(Dotnet, Arguments)
    {
        UseShellExecute = false,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private IEnumerable<string> Arguments =>
    [
        typeof(CostProcess).Assembly.Location,
        MeasureCommand.Name,
        .. Sections.SelectMany(section => configuration.GetSection(section).AsEnumerable())
            .Where(setting => setting.Value is not null)
            .Select(setting => $"--{setting.Key}={setting.Value}"),
    ];

    /// <summary>The one that runs this process, whatever it was started by.</summary>
    private static string Dotnet => Path.GetFullPath(Path.Combine(
        RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));

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

    private static void End(Process process)
    {
        try
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It ended by itself in between.
        }
    }
}
