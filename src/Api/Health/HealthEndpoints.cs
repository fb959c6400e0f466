using Microsoft.AspNetCore.Http.HttpResults;
using NeuralCapacitance.Api.OpenApi;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace NeuralCapacitance.Api.Health;

internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").WithTags("Operations").AllowAnonymous().DisableRateLimiting();
        health.MapGet("/live", Live).WithName("live").WithExample(() => new HealthResponse(HealthStatus.Healthy, [])).ShortCircuit();
        health.MapGet("/ready", ReadyAsync).WithName("ready")
            .WithExample(() => new HealthResponse(HealthStatus.Healthy, [new HealthCheckResponse("postgres", HealthStatus.Healthy, Description: null, 1.2)]))
            .Produces<HealthResponse>(StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary>Is the process alive? Touches nothing, and passes by all that other requests pass through</summary>
    /// <response code="200">It answers.</response>
    private static Ok<HealthResponse> Live() => TypedResults.Ok(new HealthResponse(HealthStatus.Healthy, []));

    /// <summary>Can it do its work? Checks the database, the disk, and whether a worker lives</summary>
    /// <response code="200">Yes; a degraded check is told but does not count against it.</response>
    /// <response code="503">No: send requests elsewhere. `checks` says why.</response>
    private static async Task<Results<Ok<HealthResponse>, JsonHttpResult<HealthResponse>>> ReadyAsync(
        Readiness readiness, CancellationToken cancellationToken)
    {
        var report = await readiness.LookAsync(cancellationToken);
        var response = new HealthResponse(
            report.Status,
            [.. report.Entries.Select(entry => new HealthCheckResponse(
                entry.Key, entry.Value.Status, DescriptionOf(entry.Value), Math.Round(entry.Value.Duration.TotalMilliseconds, 1)))]);
        return report.Status is HealthStatus.Unhealthy
            ? TypedResults.Json(response, statusCode: StatusCodes.Status503ServiceUnavailable)
            : TypedResults.Ok(response);
    }

    /// <summary>An exception's own message may tell folders and addresses, which are for the log.</summary>
    private static string? DescriptionOf(HealthReportEntry entry) => entry.Exception switch
    {
        null => entry.Description,
        PostgresException { MessageText: var text } => text,
        _ when entry.Description is { } told && told != entry.Exception.Message && !told.Contains(entry.Exception.GetBaseException().Message, StringComparison.Ordinal) => told,
        _ => "It does not answer.",
    };
}

/// <summary>Whether the service can do its work.</summary>
public sealed record HealthResponse(HealthStatus Status, IReadOnlyList<HealthCheckResponse> Checks);

/// <summary>One thing that was looked at.</summary>
/// <param name="Description">What was found; null where there is nothing to say.</param>
public sealed record HealthCheckResponse(string Name, HealthStatus Status, string? Description, double Milliseconds);
