using System.Globalization;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Api.Observations;
using NeuralCapacitance.Api.Trials;
using NeuralCapacitance.Domain.Trials;
using Spectre.Console;

namespace NeuralCapacitance.Api.CommandLine;

/// <summary>Progress where there is no terminal: one line for each epoch and each trial that ends.</summary>
internal static class PlainProgress
{
    /// <returns>The job as it ended.</returns>
    public static async Task<JobResponse> ShowAsync(IAnsiConsole console, IAsyncEnumerable<object> events)
    {
        var epochs = new Dictionary<Guid, int>();
        JobResponse? last = null;
        await foreach (var item in events)
        {
            switch (item)
            {
                case TrialResponse trial:
                    epochs[trial.Id] = trial.EpochsTarget;
                    WriteTrial(console, trial);
                    break;
                case ObservationResponse seen:
                    WriteEpoch(console, seen, epochs.GetValueOrDefault(seen.TrialId));
                    break;
                case JobResponse job:
                    last = job;
                    break;
            }
        }

        return last!;
    }

    private static void WriteEpoch(IAnsiConsole console, ObservationResponse seen, int epochs)
    {
        var seconds = seen.TrainSeconds + seen.BetaSeconds + seen.ValidationSeconds;
        WriteLine(
            console,
            $"{seen.Candidate,-18} epoch {seen.Epoch,2}/{epochs}  accuracy {Percent(seen.ValidationAccuracy)}  β_eff {Number(seen.BetaEff)}  {seconds,6:F1} s");
    }

    private static void WriteTrial(IAnsiConsole console, TrialResponse trial)
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
