using System.Security.Claims;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Infrastructure.Access;

namespace NeuralCapacitance.Api.Access;

/// <summary>A <see cref="Caller"/> as ASP.NET Core carries it.</summary>
internal static class CallerClaims
{
    private const string Owner = "neural-capacitance:owner";
    private const string KeyHash = "neural-capacitance:key";
    private const string NoRole = "neural-capacitance:no-role";

    public static ClaimsPrincipal ToPrincipal(this Caller caller, string scheme) => new(new ClaimsIdentity(
        [new(Owner, caller.Owner), new(ClaimTypes.Name, caller.Name), new(ClaimTypes.Role, caller.Role.ToString())], scheme));

    /// <summary>The caller for as long as a key lives.</summary>
    /// <param name="keyHash">Of the secret that it came with.</param>
    public static ClaimsPrincipal ToPrincipal(this Caller caller, string scheme, string keyHash)
    {
        var principal = caller.ToPrincipal(scheme);
        ((ClaimsIdentity)principal.Identity!).AddClaim(new(KeyHash, keyHash));
        return principal;
    }

    /// <summary>The hash of the key's secret by which somebody came; null: by none.</summary>
    public static string? KeyHashOf(this ClaimsPrincipal principal) => principal.FindFirstValue(KeyHash);

    /// <summary>Somebody who is known, and may do nothing.</summary>
    /// <param name="reason">Told to whom it concerns.</param>
    public static ClaimsPrincipal WithoutRole(string name, string reason, string scheme) => new(new ClaimsIdentity([new(ClaimTypes.Name, name), new(NoRole, reason)], scheme));

    public static string? WhyWithoutRole(this ClaimsPrincipal principal) => principal.FindFirstValue(NoRole);

    /// <summary>Null: nobody.</summary>
    public static Caller? ToCaller(this ClaimsPrincipal principal)
        => principal.FindFirstValue(Owner) is { } owner && Enum.TryParse<Role>(principal.FindFirstValue(ClaimTypes.Role), out var role)
            ? new(owner, principal.FindFirstValue(ClaimTypes.Name) ?? owner, role)
            : null;

    /// <summary>Who sends the request.</summary>
    /// <exception cref="InvalidOperationException">The endpoint lets in who is nobody.</exception>
    public static Caller Caller(this HttpContext context)
        => context.User.ToCaller() ?? throw new InvalidOperationException($"{context.Request.Path} asks who calls, and does not require anybody.");

    /// <summary>The same with the address, for the audit.</summary>
    /// <exception cref="InvalidOperationException">The endpoint lets in who is nobody.</exception>
    public static Actor Actor(this HttpContext context) => new(context.Caller(), context.Connection.RemoteIpAddress?.ToString());
}
