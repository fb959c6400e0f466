using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Api.Access;
using NeuralCapacitance.Api.Problems;
using NeuralCapacitance.Infrastructure.Access;

namespace NeuralCapacitance.Api.Sessions;

/// <summary>
/// The page's cookie: scripts cannot read it, and no other site makes a browser send it. It names the key by the hash of its secret, which is asked for at every
/// request: a session ends with its key.
/// </summary>
internal static class SessionCookie
{
    private const string Name = "neural-capacitance-session";

    private static readonly AccessFault Ended = new("The session has ended: it expired, or its key was revoked, rotated or has expired. Sign in again.");

    public static bool IsIn(HttpRequest request) => request.Cookies.ContainsKey(Name);

    public static AuthenticationBuilder AddSessions(this AuthenticationBuilder builder)
    {
        builder.Services.AddProtectionKeys();
        builder.Services.AddOptions<CookieAuthenticationOptions>(AccessSchemes.Session).Configure<IOptions<AccessOptions>>((cookie, access) => Configure(cookie, access.Value));
        return builder.AddCookie(AccessSchemes.Session, _ => { });
    }

    public static Task BeginAsync(HttpContext context, ApiKey key, string secret)
        => context.SignInAsync(AccessSchemes.Session, key.ToCaller().ToPrincipal(AccessSchemes.Session, KnownKeys.HashOf(secret)));

    public static Task EndAsync(HttpContext context) => context.SignOutAsync(AccessSchemes.Session);

    private static void Configure(CookieAuthenticationOptions options, AccessOptions access)
    {
        options.Cookie.Name = Name;
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Strict;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.ExpireTimeSpan = access.SessionLifetime;
        options.SlidingExpiration = true;
        options.Events = new CookieAuthenticationEvents
        {
            OnValidatePrincipal = CheckKeyAsync,
            OnRedirectToLogin = context => RefuseAsync(context.HttpContext),
            OnRedirectToAccessDenied = context => AccessRefusal.ForbidAsync(context.HttpContext),
        };
    }

    private static async Task CheckKeyAsync(CookieValidatePrincipalContext context)
    {
        var keys = context.HttpContext.RequestServices.GetRequiredService<KnownKeys>();
        try
        {
            if (context.Principal?.KeyHashOf() is { } hash && await keys.FindByHashAsync(hash, context.HttpContext.RequestAborted) is { } key)
            {
                context.ReplacePrincipal(key.ToCaller().ToPrincipal(AccessSchemes.Session, hash));
                return;
            }
        }
        catch (Exception e) when (ProblemExceptionHandler.IsDatabaseUnavailable(e))
        {
            AccessFault.OfOutage(e).KeepWith(context.HttpContext);
        }

        context.RejectPrincipal();
    }

    private static async Task RefuseAsync(HttpContext context)
    {
        if (AccessFault.Of(context) is null)
        {
            Ended.KeepWith(context);
            await EndAsync(context);
        }

        await AccessRefusal.ChallengeAsync(context);
    }
}
