using NeuralCapacitance.Api.Problems;
using NeuralCapacitance.Domain.Access;

namespace NeuralCapacitance.Api.Access;

/// <summary>401 and 403 as problem+json.</summary>
internal static class AccessRefusal
{
    private const string HowToCome = "Send `Authorization: Bearer KEY`.";

    /// <param name="reason">Null: the request says nothing of who sends it.</param>
    public static Task ChallengeAsync(HttpContext context, string? reason)
    {
        context.Response.Headers.WWWAuthenticate = reason is null ? "Bearer" : "Bearer error=\"invalid_token\"";
        return ProblemTypes.AuthenticationRequired.ToResult($"{reason ?? "The request carries no key."} {HowToCome}").ExecuteAsync(context);
    }

    public static Task ForbidAsync(HttpContext context)
    {
        var caller = context.User.ToCaller();
        var needed = context.GetEndpoint()?.Metadata.GetMetadata<RequiredRole>()?.Role;
        return ProblemTypes.NotPermitted.ToResult(
            $"`{caller?.Name}` has the role {RoleWord(caller?.Role)}; {context.Request.Method} {context.Request.Path} takes {RoleWord(needed ?? Role.Read)}.").ExecuteAsync(context);
    }

    private static string RoleWord(Role? role) => role is { } known ? $"`{known.ToString().ToLowerInvariant()}`" : "none";
}
