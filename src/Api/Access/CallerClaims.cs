using System.Security.Claims;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Infrastructure.Access;

namespace NeuralCapacitance.Api.Access;

/// <summary>A <see cref="Caller"/> as ASP.NET Core carries it.</summary>
internal static class CallerClaims
{
    private const string Owner = "neural-capacitance:owner";

    public static ClaimsPrincipal ToPrincipal(this Caller caller, string scheme) => new(new ClaimsIdentity(
        [new(Owner, caller.Owner), new(ClaimTypes.Name, caller.Name), new(ClaimTypes.Role, caller.Role.ToString())], scheme));

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
