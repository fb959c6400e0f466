using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Domain.Access;

namespace NeuralCapacitance.Api.Access;

/// <summary>What the service's own schemes have in common: refusals are problem+json that say why.</summary>
internal abstract class AccessHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    protected AuthenticateResult Success(Caller caller) => AuthenticateResult.Success(new(caller.ToPrincipal(Scheme.Name), Scheme.Name));

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
        => await AccessRefusal.ChallengeAsync(Context, (await HandleAuthenticateOnceSafeAsync()).Failure?.Message);

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => AccessRefusal.ForbidAsync(Context);
}
