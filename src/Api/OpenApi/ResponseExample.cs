namespace NeuralCapacitance.Api.OpenApi;

/// <summary>Endpoint metadata: what a successful answer looks like. Made from the same records as the answers, so it cannot drift from them.</summary>
internal sealed record ResponseExample(Func<object> Body);

internal static class ResponseExampleMetadata
{
    public static RouteHandlerBuilder WithExample(this RouteHandlerBuilder builder, Func<object> body)
        => builder.WithMetadata(new ResponseExample(body));
}
