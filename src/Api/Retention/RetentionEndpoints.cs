using Microsoft.AspNetCore.Http.HttpResults;
using NeuralCapacitance.Api.Access;
using NeuralCapacitance.Api.OpenApi;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Infrastructure.Retention;

namespace NeuralCapacitance.Api.Retention;

internal static class RetentionEndpoints
{
    public static void MapRetention(this IEndpointRouteBuilder routes)
        => routes.MapGet("/retention", PlanAsync).WithTags("Operation").WithName("planRetention").WithExample(Samples.Retention).RequireRole(Role.Operate);

    /// <summary>What retention would throw away now</summary>
    /// <remarks>
    /// A dry run: nothing is changed. Retention itself runs every hour, on one node, by the settings `Retention:…`. Of files it looks at those that this node sees.
    /// </remarks>
    /// <response code="200">By kind: what would go and how many bytes, and what stays although its limit is passed, and why.</response>
    private static async Task<Ok<RetentionReport>> PlanAsync(RetentionRun retention, CancellationToken cancellationToken)
        => TypedResults.Ok(await retention.PlanAsync(cancellationToken));
}
