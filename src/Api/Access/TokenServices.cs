using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace NeuralCapacitance.Api.Access;

/// <summary>The issuer does not say by which keys its tokens are signed.</summary>
internal sealed class IssuerUnavailableException(Exception inner) : Exception("The issuer cannot be reached, so its tokens cannot be checked. Try again a little later.", inner);

/// <summary>Tokens of a company's sign-on, checked by ASP.NET Core's JWT bearer handler.</summary>
internal static class TokenServices
{
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    /// <summary>How soon after a look at the issuer's keys an unknown one makes it look again.</summary>
    private static readonly TimeSpan RefreshPause = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan IssuerTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Signatures that only the issuer can make. Those with a shared secret would take the public key for one.</summary>
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    public static AuthenticationBuilder AddTokens(this AuthenticationBuilder builder, IConfiguration configuration)
    {
        builder.Services.AddOptionsWithValidateOnStart<JwtOptions, JwtOptionsValidator>().Bind(configuration.GetSection(JwtOptions.Section));
        builder.Services.AddSingleton<IssuerWatch>();
        builder.Services.AddOptions<JwtBearerOptions>(AccessSchemes.Token).Configure<IOptions<JwtOptions>>((bearer, jwt) => Configure(bearer, jwt.Value));
        return builder.AddJwtBearer(AccessSchemes.Token, _ => { });
    }

    private static void Configure(JwtBearerOptions bearer, JwtOptions jwt)
    {
        bearer.Authority = jwt.Authority;
        bearer.Audience = jwt.Audience;
        bearer.RequireHttpsMetadata = !jwt.IsAuthorityLocal;
        bearer.RefreshInterval = RefreshPause;
        bearer.BackchannelTimeout = IssuerTimeout;
        // Claims keep the issuer's names.
        bearer.MapInboundClaims = false;
        bearer.TokenValidationParameters = new TokenValidationParameters { ValidAlgorithms = Algorithms, ValidAudience = jwt.Audience, ClockSkew = ClockSkew };
        bearer.Events = new JwtBearerEvents
        {
            OnMessageReceived = CheckIssuerAsync,
            OnAuthenticationFailed = context => Refuse(context.HttpContext, ReasonOf(context.Exception)),
            OnTokenValidated = context => Recognize(context, jwt),
            OnChallenge = context =>
            {
                context.HandleResponse();
                return AccessRefusal.ChallengeAsync(context.HttpContext);
            },
            OnForbidden = context => AccessRefusal.ForbidAsync(context.HttpContext),
        };
    }

    /// <summary>Without its keys every token would look forged, and clients would be told to get another one.</summary>
    private static async Task CheckIssuerAsync(MessageReceivedContext context)
    {
        var watch = context.HttpContext.RequestServices.GetRequiredService<IssuerWatch>();
        if (await watch.FaultAsync(context.Options.ConfigurationManager!, context.HttpContext.RequestAborted) is not { } reason) return;
        var fault = AccessFault.OfOutage(new IssuerUnavailableException(reason));
        fault.KeepWith(context.HttpContext);
        context.Fail(fault.Reason);
    }

    private static Task Recognize(TokenValidatedContext context, JwtOptions jwt)
    {
        if (TokenCaller.Of(context.Principal!, jwt, AccessSchemes.Token) is { } caller)
        {
            context.Principal = caller;
            return Task.CompletedTask;
        }

        context.Fail("nobody");
        return Refuse(context.HttpContext, $"The token has no usable claim `{jwt.OwnerClaim}`, which would say whose it is.");
    }

    private static Task Refuse(HttpContext context, string reason)
    {
        new AccessFault(reason).KeepWith(context);
        return Task.CompletedTask;
    }

    private static string ReasonOf(Exception exception) => exception switch
    {
        SecurityTokenExpiredException => "The token has expired; get a new one.",
        SecurityTokenNotYetValidException => "The token is not valid yet; compare the clocks of the issuer and the service.",
        SecurityTokenInvalidAudienceException => "The token is for another service (its audience is not this one).",
        SecurityTokenInvalidIssuerException => "The token is of another issuer.",
        SecurityTokenNoExpirationException => "The token never expires; such ones are not taken.",
        SecurityTokenInvalidAlgorithmException => "The token is signed in a way that is not taken.",
        SecurityTokenSignatureKeyNotFoundException => "The token is signed by a key that the issuer does not name.",
        SecurityTokenInvalidSignatureException => "The token's signature is wrong, or missing.",
        _ => "The token cannot be read: it is neither a key of this service nor a token of its issuer.",
    };
}
