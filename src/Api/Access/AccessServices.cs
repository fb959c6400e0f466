using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using NeuralCapacitance.Domain.Access;

namespace NeuralCapacitance.Api.Access;

internal static class AccessServices
{
    public static IServiceCollection AddAccess(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AccessOptions>().Bind(configuration.GetSection(AccessOptions.Section)).ValidateOnStart();
        services.AddSingleton<KnownKeys>();
        services.AddSingleton<JobOwnership>();
        services.AddHostedService<ExposureCheck>();
        services.AddAuthentication(AccessSchemes.Default)
            .AddPolicyScheme(AccessSchemes.Default, displayName: null, options => options.ForwardDefaultSelector = SchemeOf)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(AccessSchemes.ApiKey, configureOptions: null)
            .AddScheme<AuthenticationSchemeOptions, AnonymousHandler>(AccessSchemes.Anonymous, configureOptions: null);
        var authorization = services.AddAuthorizationBuilder();
        foreach (var role in Enum.GetValues<Role>()) authorization.AddPolicy(RequiredRoleExtensions.PolicyOf(role), Policy(role));
        // What says nothing is not open by oversight.
        authorization.SetFallbackPolicy(Policy(Role.Read));
        return services;
    }

    /// <summary>After authorization: it needs to know who calls.</summary>
    public static void UseJobOwnership(this WebApplication app)
    {
        var ownership = app.Services.GetRequiredService<JobOwnership>();
        app.Use((context, next) => ownership.InvokeAsync(context, next));
    }

    private static string SchemeOf(HttpContext context) => ApiKeyHandler.TokenOf(context.Request) is null ? AccessSchemes.Anonymous : AccessSchemes.ApiKey;

    private static AuthorizationPolicy Policy(Role role) => new AuthorizationPolicyBuilder()
        .RequireAuthenticatedUser()
        .RequireAssertion(context => context.User.ToCaller() is { } caller && caller.May(role))
        .Build();
}
