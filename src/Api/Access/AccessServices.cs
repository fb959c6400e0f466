using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Api.Sessions;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Infrastructure.Access;

namespace NeuralCapacitance.Api.Access;

internal static class AccessServices
{
    public static IServiceCollection AddAccess(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptionsWithValidateOnStart<AccessOptions, AccessOptionsValidator>().Bind(configuration.GetSection(AccessOptions.Section));
        services.AddSingleton<KnownKeys>();
        services.AddSingleton<FailedAttempts>();
        services.AddSingleton<KeyCheck>();
        services.AddSingleton<StreamWatch>();
        services.AddSingleton<JobOwnership>();
        services.AddHostedService<ExposureCheck>();
        services.AddAuthentication(AccessSchemes.Default)
            .AddPolicyScheme(AccessSchemes.Default, displayName: null, options => options.ForwardDefaultSelector = SchemeOf)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(AccessSchemes.ApiKey, configureOptions: null)
            .AddScheme<AuthenticationSchemeOptions, AnonymousHandler>(AccessSchemes.Anonymous, configureOptions: null)
            .AddTokens(configuration)
            .AddSessions();
        var authorization = services.AddAuthorizationBuilder();
        foreach (var role in Enum.GetValues<Role>()) authorization.AddPolicy(RequiredRoleExtensions.PolicyOf(role), Policy(role));
        // What says nothing is not open by oversight.
        authorization.SetFallbackPolicy(Policy(Role.Read));
        return services;
    }

    /// <summary>After authorization: it needs to know who calls.</summary>
    public static void UseJobOwnership(this WebApplication app)
    {
        var (ownership, streams) = (app.Services.GetRequiredService<JobOwnership>(), app.Services.GetRequiredService<StreamWatch>());
        app.Use((context, next) => ownership.InvokeAsync(context, next));
        app.Use((context, next) => streams.InvokeAsync(context, next));
    }

    private static string SchemeOf(HttpContext context)
    {
        if (BearerToken.Of(context.Request) is { } token)
        {
            return token.StartsWith(ApiKeySecret.Prefix, StringComparison.Ordinal) || !context.RequestServices.GetRequiredService<IOptions<JwtOptions>>().Value.IsConfigured
                ? AccessSchemes.ApiKey
                : AccessSchemes.Token;
        }

        return SessionCookie.IsIn(context.Request) ? AccessSchemes.Session : AccessSchemes.Anonymous;
    }

    private static AuthorizationPolicy Policy(Role role) => new AuthorizationPolicyBuilder()
        .RequireAuthenticatedUser()
        .RequireAssertion(context => context.User.ToCaller() is { } caller && caller.May(role))
        .Build();
}
