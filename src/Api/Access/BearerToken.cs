namespace NeuralCapacitance.Api.Access;

/// <summary>What <c>Authorization: Bearer</c> carries: a key or a token.</summary>
internal static class BearerToken
{
    private const string Bearer = "Bearer ";

    /// <summary>Null: the header is absent, or of another kind.</summary>
    public static string? Of(HttpRequest request)
        => request.Headers.Authorization.ToString() is { } header && header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim() : null;
}
