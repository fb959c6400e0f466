using NeuralCapacitance.Api.OpenApi;
using NeuralCapacitance.Api.Problems;
using NeuralCapacitance.Domain.Access;

namespace NeuralCapacitance.Api.Access;

/// <summary>Endpoint metadata: the least role that is let in. Of several, the last counts: that of the endpoint, not that of its group.</summary>
internal sealed record RequiredRole(Role Role);

internal static class RequiredRoleExtensions
{
    public static string PolicyOf(Role role) => $"role:{role}";

    /// <summary>Lets in who has the role or more, and declares the refusals.</summary>
    public static TBuilder RequireRole<TBuilder>(this TBuilder builder, Role role)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.RequireAuthorization(PolicyOf(role)).WithMetadata(new RequiredRole(role));
        return builder.ProducesProblems(ProblemTypes.AuthenticationRequired, ProblemTypes.NotPermitted, ProblemTypes.TooManyFailures, ProblemTypes.IssuerUnavailable);
    }
}
