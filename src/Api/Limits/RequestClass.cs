namespace NeuralCapacitance.Api.Limits;

/// <summary>What a request counts as.</summary>
internal enum RequestClass
{
    Read,
    Change,

    /// <summary>It takes cores, or the disk, for long.</summary>
    Expensive,
}

/// <summary>Endpoint metadata: what its requests count as, where their method does not say it.</summary>
internal sealed record CountedAs(Func<HttpContext, RequestClass> ClassOf);

internal static class RequestClasses
{
    public static TBuilder CountsAs<TBuilder>(this TBuilder builder, RequestClass of)
        where TBuilder : IEndpointConventionBuilder
        => builder.CountsAs(_ => of);

    public static TBuilder CountsAs<TBuilder>(this TBuilder builder, Func<HttpContext, RequestClass> of)
        where TBuilder : IEndpointConventionBuilder
        => builder.WithMetadata(new CountedAs(of));

    public static RequestClass Of(HttpContext context)
        => context.GetEndpoint()?.Metadata.GetMetadata<CountedAs>()?.ClassOf(context)
            ?? (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) ? RequestClass.Read : RequestClass.Change);
}
