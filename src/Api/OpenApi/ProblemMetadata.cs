using NeuralCapacitance.Api.Problems;

namespace NeuralCapacitance.Api.OpenApi;

/// <summary>Endpoint metadata: an error that the endpoint answers with.</summary>
internal sealed record ProblemAnswer(ProblemType Type);

internal static class ProblemMetadata
{
    /// <summary>Declares the errors of an endpoint, or of a whole group.</summary>
    public static TBuilder ProducesProblems<TBuilder>(this TBuilder builder, params ReadOnlySpan<ProblemType> types)
        where TBuilder : IEndpointConventionBuilder
    {
        foreach (var type in types)
        {
            builder.WithMetadata(Metadata(type));
        }

        return builder;
    }

    public static void Declare(EndpointBuilder endpoint, ProblemType type)
    {
        foreach (var item in Metadata(type))
        {
            endpoint.Metadata.Add(item);
        }
    }

    private static object[] Metadata(ProblemType type) =>
    [
        new ProducesResponseTypeMetadata(type.Status, typeof(Microsoft.AspNetCore.Mvc.ProblemDetails), ["application/problem+json"]),
        new ProblemAnswer(type),
    ];
}
