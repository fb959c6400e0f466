using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Api.Hosting;
using NeuralCapacitance.Domain.Access;

namespace NeuralCapacitance.Api.Access;

/// <summary>
/// Who says nothing is let in where the settings say so in so many words, and where the service listens on loopback, knows neither keys nor an issuer, and has no proxy before it that
/// would let others in. As soon as a key was made, it takes one.
/// </summary>
internal sealed class AnonymousHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, IOptions<AccessOptions> access, IOptions<JwtOptions> jwt,
    IOptions<ProxyOptions> proxies, KnownKeys keys)
    : AccessHandler(options, logger, encoder)
{
    /// <summary>Whoever it is must not be able to make a key to come back with.</summary>
    private static readonly Caller Anybody = new(Caller.LocalOwner, "anonymous", Role.Operate);

    protected override async Task<AuthenticateResult> IdentifyAsync()
    {
        if (access.Value.AllowAnonymous) return Success(Anybody);
        return Loopback.IsListener(Context) && !jwt.Value.IsConfigured && proxies.Value.Known.Count == 0 && !await keys.AnyMadeAsync(Context.RequestAborted) ? Success(Caller.Local) : AuthenticateResult.NoResult();
    }
}
