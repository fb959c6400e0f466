using System.Globalization;
using System.Net;
using System.Text;
using Hangfire;
using Hangfire.Dashboard;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Queue;
using NeuralCapacitance.Infrastructure.Trials;

namespace NeuralCapacitance.Api.Dashboard;

/// <summary>What the page of a Hangfire job shows besides: the trial that it ran, epoch by epoch.</summary>
internal static class TrialConsole
{
    private const int Position = 10;

    /// <summary>Hangfire keeps such things for the whole process, and in a list.</summary>
    private static readonly Lazy<bool> Registration = new(() =>
    {
        GlobalConfiguration.Configuration.UseJobDetailsRenderer(Position, Render);
        return true;
    });

    /// <summary>Once for all hosts of the process; which of them a page belongs to is asked when it is rendered.</summary>
    public static void Register() => _ = Registration.Value;

    /// <param name="epochs">By epoch.</param>
    public static string Text(SignalNote note, Trial? trial, IReadOnlyList<ObservedEpoch> epochs)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"trial {note.TrialId} of job {note.JobId}");
        text.AppendLine(trial is null
            ? "deleted with its job"
            : $"{trial.State.ToString().ToLowerInvariant()}, attempt {trial.Attempt}, epoch {trial.EpochsDone} of {trial.EpochsTarget}, on {trial.Device ?? "nothing yet"}");
        if (trial?.Failure is { } failure) text.AppendLine(CultureInfo.InvariantCulture, $"failed ({failure.Code}): {failure.Message}");
        foreach (var (attempt, worker) in note.Workers.OrderBy(worker => worker.Key)) text.AppendLine(CultureInfo.InvariantCulture, $"attempt {attempt}: {worker}");
        foreach (var line in trial?.Notes ?? []) text.AppendLine(CultureInfo.InvariantCulture, $"note: {line}");
        if (epochs.Count == 0) return text.ToString();
        text.AppendLine().AppendLine("recorded (UTC)       attempt  epoch      β_eff  accuracy  seconds");
        foreach (var (attempt, epoch) in epochs)
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"{epoch.RecordedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}  {attempt,7}  {epoch.Epoch,5}  {Number(epoch.BetaEff, "G4"),9}  {Number(epoch.ValidationAccuracy, "P1"),8}  {epoch.TrainSeconds + epoch.BetaSeconds + epoch.ValidationSeconds,7:F1}");
        }
        return text.ToString();
    }

    private static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "–";

    private static NonEscapedString Render(JobDetailsRendererDto page)
    {
        var http = page.Page.Context.GetHttpContext();
        if (http.RequestServices.GetRequiredService<SignalNotes>().Find(page.JobDetails.Job) is not { } note) return new("");
        // Hangfire's pages are rendered synchronously.
        var text = TextAsync(http.RequestServices.GetRequiredService<TrialStore>(), note, http.RequestAborted).GetAwaiter().GetResult();
        return new(
            $"""
             <h3>Trial</h3>
             <p><a href="{WebUtility.HtmlEncode(http.Request.PathBase.Value?.Replace(QueueDashboard.Path, "", StringComparison.Ordinal))}/#/jobs/{note.JobId}">Job {note.JobId}</a></p>
             <pre class="trial-console">{WebUtility.HtmlEncode(text)}</pre>
             """);
    }

    private static async Task<string> TextAsync(TrialStore trials, SignalNote note, CancellationToken cancellationToken)
        => Text(note, await trials.FindAsync(note.TrialId, cancellationToken), await trials.EpochsOfAsync(note.TrialId, cancellationToken));
}
