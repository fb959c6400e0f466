using NeuralCapacitance.Client;
using NeuralCapacitance.Client.Models;
using Spectre.Console;

namespace NeuralCapacitance.CommandLine;

/// <summary>A refusal with each of its faults.</summary>
internal static class Refusals
{
    public static void Write(IAnsiConsole console, ServiceException refused)
    {
        console.MarkupLineInterpolated($"[red]{refused.Message}[/]");
        Write(console, refused.Errors);
    }

    public static void Write(IAnsiConsole console, IReadOnlyList<Fault> faults)
    {
        foreach (var error in faults)
        {
            var accepted = error.Accepted is null ? "" : $" Accepted: {error.Accepted}";
            console.MarkupLineInterpolated($"  [bold]{error.Path}[/] {Ended(error.Problem)}{accepted}");
        }
    }

    private static string Ended(string sentence) => sentence is [.., '?' or '.' or '!' or '…'] ? sentence : $"{sentence}.";
}
