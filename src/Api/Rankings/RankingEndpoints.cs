using Microsoft.AspNetCore.Http.HttpResults;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Api.Limits;
using NeuralCapacitance.Api.OpenApi;
using NeuralCapacitance.Api.Problems;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Infrastructure.Jobs;
using NeuralCapacitance.Infrastructure.Races;

namespace NeuralCapacitance.Api.Rankings;

internal static class RankingEndpoints
{
    public static void MapRankings(this IEndpointRouteBuilder routes)
        => routes.MapGet("/jobs/{id:guid}/ranking", RankAsync).WithTags("Jobs").WithName("rankCandidates")
            .WithExample(Samples.Ranking)
            .ProducesProblems(ProblemTypes.InvalidParameter, ProblemTypes.JobNotFound, ProblemTypes.PredictionsBusy).CountsAs(RequestClass.Expensive);

    /// <summary>Which backbone? The candidates by predicted final accuracy</summary>
    /// <remarks>
    /// Works while the job runs, with what was observed so far; each candidate that cannot be predicted yet says why.
    /// The parameters look at the same observations in another way and train nothing. Predictors that learn from other models look at the newest
    /// finished `full` jobs and at the curves of `Ranking:History`. A ranking is computed once and kept until the job or that history changes; the
    /// computation ends when all who asked for it have gone.
    /// </remarks>
    /// <param name="observe" example="5">Epochs that the prediction looks at; the job's own if absent, of a race those up to its last round.</param>
    /// <param name="start" example="auto">`auto`, or the epoch after which the window starts; the job's own if absent.</param>
    /// <param name="predictor">
    /// {predictors}; or `all` of those that answer within a blink: {slow} take longer, and are asked by name only. Given several times, or several separated by commas, each has its place in `predictors`, and the
    /// first one also the fields at the top. The job's own if absent; `all` puts it first.
    /// </param>
    /// <response code="200">Best first.</response>
    /// <response code="304">Nothing has changed since the version in `If-None-Match`.</response>
    /// <response code="400">A parameter is unusable: each is in `errors`.</response>
    /// <response code="404">There is no such job.</response>
    /// <response code="503">The database is away, or too many rankings are being computed: `Retry-After` says when to come again.</response>
    private static async Task<Results<Ok<RankingResponse>, StatusCodeHttpResult, ProblemHttpResult>> RankAsync(
        Guid id,
        HttpContext context,
        JobStore jobs,
        RankingReader rankings,
        OwnRanking own,
        CancellationToken cancellationToken,
        int? observe = null,
        string? start = null,
        string[]? predictor = null)
    {
        if (await jobs.FindAsync(id, cancellationToken) is not { } job)
        {
            return ProblemResults.JobNotFound(id);
        }

        var asked = await own.ResolveAsync(job, observe, start, predictor ?? [], cancellationToken);
        if (asked.Faults.Count > 0)
        {
            return ProblemTypes.InvalidParameter.ToResult(asked.Faults, asked.HasMore);
        }

        var history = await rankings.PastAsync(job, cancellationToken);
        return EntityTags.ClientHas(context, job.Version, history.Fingerprint)
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Ok(await rankings.RankAsync(job, asked.Selections, history, cancellationToken));
    }
}
