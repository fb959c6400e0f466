using System.ComponentModel;
using System.Diagnostics;

namespace NeuralCapacitance.Worker.Hosting;

/// <summary>How a command of ours ended.</summary>
/// <param name="Status">Null: it took too long, and was ended.</param>
internal sealed record CommandEnd(int? Status, string Output, string Errors)
{
    /// <summary>What it complained of first.</summary>
    public string FirstError => Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault() ?? "no message";
}

/// <summary>Runs a process that reads one text and writes another.</summary>
internal static class OwnCommand
{
    /// <summary>A process that fails is an answer, not an exception.</summary>
    /// <param name="patience">How long it may take.</param>
    /// <exception cref="OperationCanceledException">The process is gone then.</exception>
    public static async Task<CommandEnd> RunAsync(ProcessStartInfo start, string input, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(both.Token);
            var errors = process.StandardError.ReadToEndAsync(both.Token);
            await WriteAsync(process, input);
            await process.WaitForExitAsync(both.Token);
            return new(process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(Status: null, "", "");
        }
        finally
        {
            await EndAsync(process);
        }
    }

    private static async Task WriteAsync(Process process, string input)
    {
        try
        {
            await process.StandardInput.WriteAsync(input);
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
