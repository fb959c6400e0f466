using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace NeuralCapacitance.Api.Access;

/// <summary>A key in <c>Authorization: Bearer</c>.</summary>
/// <param name="processKey">Null: this process needs none for itself.</param>
internal sealed class ApiKeyHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, KeyCheck keys, ProcessKey? processKey = null)
    : AccessHandler(options, logger, encoder)
{
    protected override async Task<AuthenticateResult> IdentifyAsync()
    {
        if (BearerToken.Of(Request) is not { } secret) return AuthenticateResult.NoResult();
        if (processKey?.Is(secret) == true) return Success(ProcessKey.Caller);
        var (key, fault) = await keys.CheckAsync(secret, Context.Connection.RemoteIpAddress, Context.RequestAborted);
        return key is null ? Fail(fault!) : Success(key.ToCaller().ToPrincipal(Scheme.Name, KnownKeys.HashOf(secret)));
    }
}
