using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Notifications;
using NeuralCapacitance.Domain.Rankings;
using NeuralCapacitance.Infrastructure.Finalizations;
using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Infrastructure.Postgres.Model;

namespace NeuralCapacitance.Infrastructure.Webhooks;

/// <summary>What a receiver is told: enough to decide, and where to ask for the rest.</summary>
internal sealed record WebhookPayload(string Type, DateTimeOffset Timestamp, WebhookData Data)
{
    /// <summary>Of jobs, as the API has it.</summary>
    private const string Jobs = "/api/v1/jobs/";

    /// <param name="publicUrl">That links begin with; empty: they are relative.</param>
    /// <summary>The same bytes for every attempt are made once, at the first: what the ranking says is of then.</summary>
    public static async Task<string> ComposeAsync(ServiceDbContext context, WebhookDeliveryRow delivery, JobRow job, string publicUrl, CancellationToken cancellationToken)
    {
        var jobs = publicUrl.TrimEnd('/') + Jobs;
        var best = delivery.Event is JobEvents.JobSucceeded ? BestOf(await Winner.RankAsync(context, job, job.Spec.Selection, cancellationToken)) : null;
        var model = delivery.Event is JobEvents.FinalizationSucceeded ? await ModelAsync(context, job, jobs, cancellationToken) : null;
        var payload = new WebhookPayload(delivery.Event, delivery.CreatedAt.ToUniversalTime(), new(
            job.Id,
            job.Spec.Name,
            delivery.Event.Split('.')[1],
            jobs + job.Id,
            job.Finalizes is { } finalized ? jobs + finalized : null,
            delivery.Event is JobEvents.JobFailed or JobEvents.FinalizationFailed && job.FailureCode is { } code ? new(code, job.FailureMessage ?? "") : null,
            best,
            model));
        return JsonSerializer.Serialize(payload, JobSpecJson.Options);
    }

    private static WebhookBest? BestOf(Ranking ranking) => ranking.Candidates is [{ Rank: 1 } first, ..]
        ? new(first.Candidate, first.PredictedAccuracy, first.IntervalLow, first.IntervalHigh, ranking.Confidence, first.ProbabilityBest, ranking.Predictor)
        : null;

    private static async Task<WebhookModel?> ModelAsync(ServiceDbContext context, JobRow job, string jobs, CancellationToken cancellationToken)
    {
        var trial = await context.Trials.AsNoTracking().FirstOrDefaultAsync(t => t.JobId == job.Id, cancellationToken);
        return trial is { WeightsSha256: { } sha256, WeightsBytes: { } bytes } ? new(trial.Candidate, sha256, bytes, $"{jobs}{job.Id}/model") : null;
    }
}

/// <param name="Id">Of the job.</param>
/// <param name="Name">The client's own label; null: none.</param>
/// <param name="State">That the event tells of: <c>started</c>, <c>succeeded</c>, <c>failed</c>, <c>cancelled</c>.</param>
/// <param name="Link">To the job.</param>
/// <param name="Finalizes">Link to the job whose winner this one trains; null: it is a selection.</param>
/// <param name="Failure">Why it failed.</param>
/// <param name="Best">The first of the ranking of a job that has succeeded; null too where nobody is ranked.</param>
/// <param name="Model">Of a finalization that has succeeded.</param>
internal sealed record WebhookData(Guid Id, string? Name, string State, string Link, string? Finalizes, WebhookFailure? Failure, WebhookBest? Best, WebhookModel? Model);

internal sealed record WebhookFailure(string Code, string Message);

/// <param name="Confidence">Level of the interval.</param>
/// <param name="ProbabilityBest">That its final accuracy is the greatest.</param>
internal sealed record WebhookBest(
    string Candidate, double? PredictedAccuracy, double? IntervalLow, double? IntervalHigh, double Confidence, double? ProbabilityBest, string Predictor);

/// <param name="Link">To its file.</param>
internal sealed record WebhookModel(string Candidate, string Sha256, long Bytes, string Link);
