using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace NeuralCapacitance.Api.Access;

/// <summary>A key in <c>Authorization: Bearer</c>.</summary>
internal sealed class ApiKeyHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, KnownKeys keys)
    : AccessHandler(options, logger, encoder)
{
    private const string Bearer = "Bearer ";

    /// <summary>What follows <c>Bearer</c>; null: the header is absent, or of another kind.</summary>
    public static string? TokenOf(HttpRequest request)
        => request.Headers.Authorization.ToString() is { } header && header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim() : null;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (TokenOf(Request) is not { } secret) return AuthenticateResult.NoResult();
        return await keys.FindAsync(secret, Context.RequestAborted) is { } key
            ? Success(key.ToCaller())
            : AuthenticateResult.Fail("The key is not known here: it was mistyped, revoked, rotated, or has expired.");
    }
}
