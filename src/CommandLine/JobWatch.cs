using NeuralCapacitance.Client;
using NeuralCapacitance.Client.Models;
using Spectre.Console;

namespace NeuralCapacitance.CommandLine;

/// <summary>Follows a job to its end and tells what it has come to.</summary>
internal sealed class JobWatch(NeuralCapacitanceClient client, Surroundings surroundings)
{
    private static readonly TimeSpan CancelTimeout = TimeSpan.FromSeconds(10);

    public bool CancelOnInterrupt { get; init; }

    public bool Json { get; init; }

    public ProgressMode Progress { get; init; }

    public async Task<int> ToEndAsync(Job job, CancellationToken cancellationToken)
    {
        if (await EndAsync(job, cancellationToken) is not { } ended) return ExitCode.Interrupted;
        if (ended.State is not JobState.Succeeded) return Unsuccessful(ended);
        var ranking = await client.Jobs.GetRankingAsync(ended.Id, cancellationToken: cancellationToken);
        var verdict = Verdict.Of(ranking);
        if (Json)
        {
            surroundings.WriteJson(new { outcome = verdict.IsAnswered ? "answered" : "cannot-tell", verdict.Sentence, job = ended, ranking });
        }
        else
        {
            surroundings.Results.MarkupLineInterpolated($"[bold]{verdict.Sentence}[/]");
            RankingTable.Write(surroundings.Results, ranking);
        }

        return verdict.IsAnswered ? ExitCode.Answered : ExitCode.CannotTell;
    }

    /// <param name="finalization">Of the job.</param>
    public async Task<int> ToModelAsync(Guid job, Job finalization, CancellationToken cancellationToken)
    {
        if (await EndAsync(finalization, cancellationToken) is not { } ended) return ExitCode.Interrupted;
        if (ended.State is not JobState.Succeeded) return Unsuccessful(ended);
        var finalized = await client.Jobs.GetAsync(job, cancellationToken);
        if (Json) surroundings.WriteJson(finalized);
        else surroundings.Results.MarkupLineInterpolated($"[bold]{finalized.Finalization?.Candidate} is trained.[/] `neural-capacitance model {job}` downloads the model.");
        return ExitCode.Answered;
    }

    /// <summary>The job as it ended; null after Ctrl-C.</summary>
    private async Task<Job?> EndAsync(Job job, CancellationToken cancellationToken)
    {
        try
        {
            return await FollowAsync(job, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await InterruptedAsync(job);
            return null;
        }
    }

    private Task<Job> FollowAsync(Job job, CancellationToken cancellationToken)
    {
        var events = client.Jobs.FollowAsync(job.Id, cancellationToken);
        return Progress switch
        {
            ProgressMode.Auto when surroundings.Notes.Profile.Out.IsTerminal => LiveProgress.ShowAsync(surroundings.Notes, job, events),
            ProgressMode.Plain => PlainProgress.ShowAsync(surroundings.Notes, events),
            _ => client.Jobs.WaitAsync(job.Id, cancellationToken),
        };
    }

    private int Unsuccessful(Job ended)
    {
        var why = ended.Failure?.Message ?? (ended.State is JobState.Cancelled ? "as asked" : "no trial was finished");
        var sentence = $"The job ended as {ended.State.ToString().ToLowerInvariant()}: {why}";
        if (Json) surroundings.WriteJson(new { outcome = "failed", sentence, job = ended, ranking = (Ranking?)null });
        surroundings.Notes.MarkupLineInterpolated($"[red]{sentence}[/]");
        return ExitCode.Failed;
    }

    private async Task InterruptedAsync(Job job)
    {
        if (!CancelOnInterrupt)
        {
            surroundings.Notes.MarkupLineInterpolated($"[yellow]Job {job.Id} goes on.[/] `neural-capacitance watch {job.Id}` follows it, `neural-capacitance cancel {job.Id}` stops it.");
            return;
        }

        using var timeout = new CancellationTokenSource(CancelTimeout);
        try
        {
            await client.Jobs.CancelAsync(job.Id, timeout.Token);
            surroundings.Notes.MarkupLineInterpolated($"[yellow]Job {job.Id} was told to stop.[/]");
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException or TimeoutException or ServiceException)
        {
            surroundings.Notes.MarkupLineInterpolated($"[red]Job {job.Id} could not be cancelled and goes on: {e.Message}[/] `neural-capacitance cancel {job.Id}` tries again.");
        }
    }
}
