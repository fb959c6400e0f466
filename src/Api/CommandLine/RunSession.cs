using NeuralCapacitance.Client;
using NeuralCapacitance.Client.Models;
using NeuralCapacitance.CommandLine;
using Spectre.Console;

namespace NeuralCapacitance.Api.CommandLine;

/// <summary>How a session ended.</summary>
internal enum RunOutcome
{
    Ranked,

    /// <summary>The job ended without a ranking; it can be looked at.</summary>
    Failed,

    /// <summary>There is no job.</summary>
    Refused,
}

/// <summary>One job from submission to ranking, shown on the console.</summary>
internal sealed class RunSession(NeuralCapacitanceClient service, IAnsiConsole console)
{
    private static readonly TimeSpan CancelTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Submits the spec and follows the job to its end, telling all the way.</summary>
    /// <exception cref="OperationCanceledException">Ctrl-C; the job has been told to stop.</exception>
    public async Task<RunOutcome> SelectAsync(string spec, CancellationToken cancellationToken)
    {
        Job job;
        try
        {
            // Not interrupted: a job that was stored, and whose answer nobody waited for, would run on.
            job = await service.Jobs.SubmitAsync(spec, cancellationToken: CancellationToken.None);
        }
        catch (ServiceException refused)
        {
            Refusals.Write(console, refused);
            return RunOutcome.Refused;
        }

        Job ended;
        try
        {
            WriteIntroduction(job);
            await WriteQueueAsync(job, cancellationToken);
            ended = await FollowAsync(job, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await CancelAsync(job);
            throw;
        }

        if (ended.State is not JobState.Succeeded)
        {
            console.MarkupLineInterpolated($"[red]The job ended as {ended.State.ToString().ToLowerInvariant()}: {ended.Failure?.Message ?? "no trial was finished"}[/]");
            WriteAddresses(job);
            return RunOutcome.Failed;
        }

        var ranking = await service.Jobs.GetRankingAsync(job.Id, cancellationToken: cancellationToken);
        console.MarkupLineInterpolated($"[bold]{Verdict.Of(ranking).Sentence}[/]");
        RankingTable.Write(console, ranking);
        WriteAddresses(job);
        return RunOutcome.Ranked;
    }

    private Task<Job> FollowAsync(Job job, CancellationToken cancellationToken)
    {
        var events = service.Jobs.FollowAsync(job.Id, cancellationToken);
        return console.Profile.Out.IsTerminal
            ? LiveProgress.ShowAsync(console, job, events)
            : PlainProgress.ShowAsync(console, events);
    }

    private void WriteIntroduction(Job job)
    {
        var data = job.Spec.Dataset.Synthetic is { } synthetic
            ? $"{synthetic.TrainImages} generated images of textured shapes in {synthetic.Classes} classes (no data set was given; --data DIR uses yours)"
            : $"the images of {job.Spec.Dataset.Path}";
        console.MarkupLineInterpolated($"[bold]{job.Spec.Candidates.Count} candidates[/] on {data}; {job.Progress.Trials} trials, {job.Progress.Epochs} epochs.");
        console.MarkupLineInterpolated($"Watch it at [link]{Absolute(job.Links.Page)}[/]");
    }

    private async Task WriteQueueAsync(Job job, CancellationToken cancellationToken)
    {
        var earlier = await service.Jobs.ListAsync(new() { States = [JobState.Queued, JobState.Running] }, cancellationToken)
            .CountAsync(other => other.CreatedAt < job.CreatedAt && other.Priority >= job.Priority, cancellationToken);
        if (earlier > 0)
        {
            console.MarkupLineInterpolated($"[yellow]{earlier} earlier job(s) go first.[/]");
        }
    }

    private async Task CancelAsync(Job job)
    {
        using var timeout = new CancellationTokenSource(CancelTimeout);
        console.MarkupLine("[grey]Cancelling the job …[/]");
        try
        {
            await service.Jobs.CancelAsync(job.Id, timeout.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException or ServiceException)
        {
            console.MarkupLineInterpolated($"[yellow]The job could not be cancelled and goes on at the next start: {e.Message}[/]");
        }
    }

    private void WriteAddresses(Job job)
    {
        var addresses = new Grid().AddColumn().AddColumn();
        addresses.AddRow("Page", Absolute(job.Links.Page));
        addresses.AddRow("Job", Absolute(job.Links.Self));
        addresses.AddRow("API", Absolute(ApiRoutes.Prefix));
        addresses.AddRow("Swagger UI", Absolute("/swagger"));
        console.Write(addresses);
    }

    private string Absolute(string path) => new Uri(service.Address, path).ToString();
}
