using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Api.Problems;
using NeuralCapacitance.Domain.Access;

namespace NeuralCapacitance.Api.Access;

/// <summary>What the service's own schemes have in common: refusals are problem+json that say why, and a lost database refuses only what needs to know who calls.</summary>
internal abstract class AccessHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    protected abstract Task<AuthenticateResult> IdentifyAsync();

    protected sealed override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        try
        {
            return await IdentifyAsync();
        }
        catch (Exception e) when (ProblemExceptionHandler.IsDatabaseUnavailable(e))
        {
            return Fail(AccessFault.OfOutage(e));
        }
    }

    protected AuthenticateResult Success(Caller caller) => Success(caller.ToPrincipal(Scheme.Name));

    protected AuthenticateResult Success(ClaimsPrincipal principal) => AuthenticateResult.Success(new(principal, Scheme.Name));

    protected AuthenticateResult Fail(AccessFault fault)
    {
        fault.KeepWith(Context);
        return AuthenticateResult.Fail(fault.Reason);
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => AccessRefusal.ChallengeAsync(Context);

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => AccessRefusal.ForbidAsync(Context);
}
