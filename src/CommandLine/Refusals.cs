using NeuralCapacitance.Client;
using Spectre.Console;

namespace NeuralCapacitance.CommandLine;

/// <summary>A refusal with each of its faults.</summary>
internal static class Refusals
{
    public static void Write(IAnsiConsole console, ServiceException refused)
    {
        console.MarkupLineInterpolated($"[red]{refused.Message}[/]");
        foreach (var error in refused.Errors)
        {
            var accepted = error.Accepted is null ? "" : $" Accepted: {error.Accepted}";
            console.MarkupLineInterpolated($"  [bold]{error.Path}[/] {Ended(error.Problem)}{accepted}");
        }
    }

    private static string Ended(string sentence) => sentence is [.., '?' or '.' or '!' or '…'] ? sentence : $"{sentence}.";
}
