using System.Globalization;
using NeuralCapacitance.Client;
using NeuralCapacitance.Client.Models;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace NeuralCapacitance.CommandLine;

/// <summary>Progress on a terminal: one row for each trial, redrawn in place with every event.</summary>
internal sealed class LiveProgress
{
    private const int BarWidth = 20;

    private readonly Dictionary<Guid, Trial> _trials = [];
    private readonly Dictionary<Guid, Observation> _seen = [];
    private readonly Dictionary<Guid, double> _seconds = [];
    private Job _job;

    private LiveProgress(Job job) => _job = job;

    /// <returns>The job as it ended.</returns>
    public static async Task<Job> ShowAsync(IAnsiConsole console, Job job, IAsyncEnumerable<JobEvent> events)
    {
        var progress = new LiveProgress(job);
        await console.Live(progress.Render()).StartAsync(async live =>
        {
            await foreach (var item in events)
            {
                progress.Apply(item);
                live.UpdateTarget(progress.Render());
            }
        });
        return progress._job;
    }

    private void Apply(JobEvent item)
    {
        switch (item)
        {
            case TrialChanged { Trial: var trial }:
                _trials[trial.Id] = trial;
                break;
            case EpochObserved { Observation: var seen }:
                _seen[seen.TrialId] = seen;
                _seconds[seen.TrialId] = _seconds.GetValueOrDefault(seen.TrialId) + seen.TrainSeconds + seen.BetaSeconds + seen.ValidationSeconds;
                break;
            case JobChanged { Job: var job }:
                _job = job;
                break;
            case JobEnded { Job: var job }:
                _job = job;
                break;
        }
    }

    private Rows Render()
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("Candidate", "", "Epoch", "Accuracy", "β_eff", "Seconds", "");
        foreach (var trial in _trials.Values)
        {
            table.AddRow(Row(trial));
        }

        var left = _job.EtaSeconds is { } seconds ? $", about {TimeSpan.FromSeconds(Math.Ceiling(seconds)):m\\:ss} left" : "";
        return new Rows(table, new Markup(string.Create(CultureInfo.InvariantCulture, $"[grey]{_job.Progress.Fraction:P0} done{left}[/]")));
    }

    private IEnumerable<IRenderable> Row(Trial trial)
    {
        var seen = _seen.GetValueOrDefault(trial.Id);
        var done = Math.Max(trial.EpochsDone, seen?.Epoch ?? 0);
        var filled = trial.EpochsTarget == 0 ? 0 : BarWidth * done / trial.EpochsTarget;
        yield return new Text(_job.Spec.Training?.Repeats > 1 ? $"{trial.Candidate} #{trial.Repeat}" : trial.Candidate);
        yield return new Markup($"[{Colour(trial.State)}]{new string('━', filled)}[/][grey]{new string('━', BarWidth - filled)}[/]");
        yield return new Text($"{done}/{trial.EpochsTarget}");
        yield return new Text(seen?.ValidationAccuracy?.ToString("P1", CultureInfo.InvariantCulture) ?? "");
        yield return new Text(seen?.BetaEff?.ToString("G4", CultureInfo.InvariantCulture) ?? "");
        yield return new Text(_seconds.TryGetValue(trial.Id, out var seconds) ? seconds.ToString("F1", CultureInfo.InvariantCulture) : "");
        yield return new Text(trial.Failure?.Message ?? trial.State.ToString().ToLowerInvariant(), new Style(Color.Grey));
    }

    private static string Colour(TrialState state) => state switch
    {
        TrialState.Succeeded => "green",
        TrialState.Failed => "red",
        TrialState.Cancelled => "yellow",
        TrialState.Dropped => "grey",
        _ => "blue",
    };
}
