using System.Globalization;
using NeuralCapacitance.Client;
using NeuralCapacitance.Client.Models;
using Spectre.Console;

namespace NeuralCapacitance.CommandLine;

/// <summary>Progress where there is no terminal: one line for each epoch and each trial that ends.</summary>
internal static class PlainProgress
{
    /// <returns>The job as it ended.</returns>
    public static async Task<Job> ShowAsync(IAnsiConsole console, IAsyncEnumerable<JobEvent> events)
    {
        var epochs = new Dictionary<Guid, int>();
        Job? last = null;
        await foreach (var item in events)
        {
            switch (item)
            {
                case TrialChanged { Trial: var trial }:
                    epochs[trial.Id] = trial.EpochsTarget;
                    WriteTrial(console, trial);
                    break;
                case EpochObserved { Observation: var seen }:
                    WriteEpoch(console, seen, epochs.GetValueOrDefault(seen.TrialId));
                    break;
                case JobChanged { Job: var job }:
                    last = job;
                    break;
                case JobEnded { Job: var job }:
                    last = job;
                    break;
            }
        }

        return last!;
    }

    private static void WriteEpoch(IAnsiConsole console, Observation seen, int epochs)
    {
        var seconds = seen.TrainSeconds + seen.BetaSeconds + seen.ValidationSeconds;
        WriteLine(
            console,
            $"{seen.Candidate,-18} epoch {seen.Epoch,2}/{epochs}  accuracy {Percent(seen.ValidationAccuracy)}  β_eff {Number(seen.BetaEff)}  {seconds,6:F1} s");
    }

    private static void WriteTrial(IAnsiConsole console, Trial trial)
    {
        foreach (var note in trial.Notes)
        {
            WriteLine(console, $"{trial.Candidate,-18} note: {note}");
        }

        if (trial.State is TrialState.Dropped)
        {
            WriteLine(console, $"{trial.Candidate,-18} dropped from the race after epoch {trial.EpochsDone}");
        }

        if (trial.State is TrialState.Failed or TrialState.Cancelled)
        {
            WriteLine(console, $"{trial.Candidate,-18} {trial.State.ToString().ToLowerInvariant()}: {trial.Failure?.Message ?? "as asked"}");
        }
    }

    private static void WriteLine(IAnsiConsole console, FormattableString line)
        => console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private static string Percent(double? accuracy) => accuracy is { } a ? (100 * a).ToString("F1", CultureInfo.InvariantCulture).PadLeft(5) + " %" : "      –";

    private static string Number(double? value) => value?.ToString("G4", CultureInfo.InvariantCulture).PadLeft(9) ?? "        –";
}
