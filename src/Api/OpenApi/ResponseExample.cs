namespace NeuralCapacitance.Api.OpenApi;

/// <summary>Endpoint metadata: what a successful answer looks like. Made from the same records as the answers, so it cannot drift from them.</summary>
/// <param name="Status">Of the answer; null: of every success.</param>
internal sealed record ResponseExample(Func<object> Body, int? Status);

internal static class ResponseExampleMetadata
{
    public static RouteHandlerBuilder WithExample(this RouteHandlerBuilder builder, Func<object> body, int? status = null)
        => builder.WithMetadata(new ResponseExample(body, status));
}
