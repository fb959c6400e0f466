using Microsoft.AspNetCore.Http.HttpResults;
using NeuralCapacitance.Api.Access;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Api.Json;
using NeuralCapacitance.Api.OpenApi;
using NeuralCapacitance.Api.Problems;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Infrastructure.Access;
using NeuralCapacitance.Infrastructure.Jobs;

namespace NeuralCapacitance.Api.Audit;

internal static class AuditEndpoints
{
    private const int DefaultPageSize = 50;

    public static void MapAudit(this IEndpointRouteBuilder routes)
        => routes.MapGet("/audit", ListAsync).WithTags("Operations").WithName("listAudit").WithExample(Samples.Audit)
            .ProducesProblems(ProblemTypes.InvalidParameter).RequireRole(Role.Admin);

    /// <summary>Who changed what, and from where; newest first</summary>
    /// <remarks>Every change of jobs, data sets, keys, workers and deliveries, also of what has been deleted since.</remarks>
    /// <param name="owner" example="key:ci">Only what this owner did.</param>
    /// <param name="action">Only this.</param>
    /// <param name="subject" example="dataset:birds">Only what was done to this: `job:ID`, `dataset:NAME`, `key:NAME`, `worker:NAME`, `delivery:ID`.</param>
    /// <param name="limit" example="50">1 … 100; 50 if absent.</param>
    /// <param name="cursor">`nextCursor` of the page before.</param>
    /// <response code="200">One page; `nextCursor` is null on the last.</response>
    /// <response code="400">A parameter is unusable: each is in `errors`.</response>
    private static async Task<Results<Ok<PageResponse<AuditEntry>>, ProblemHttpResult>> ListAsync(
        AuditTrail audit,
        CancellationToken cancellationToken,
        string? owner = null,
        Word<AuditAction>? action = null,
        string? subject = null,
        int? limit = null,
        string? cursor = null)
    {
        if (ProblemResults.UnusableAmong(PageQuery.FaultIn(limit), TextQuery.FaultIn("owner", owner), TextQuery.FaultIn("subject", subject)) is { } refusal)
        {
            return refusal;
        }

        try
        {
            var page = await audit.ListAsync(limit ?? DefaultPageSize, cursor, cancellationToken, TextQuery.Given(owner), action?.Value, TextQuery.Given(subject));
            return TypedResults.Ok(new PageResponse<AuditEntry>(page.Items, page.NextCursor));
        }
        catch (FormatException)
        {
            return ProblemResults.InvalidParameters(PageQuery.BadCursor(cursor));
        }
    }
}
