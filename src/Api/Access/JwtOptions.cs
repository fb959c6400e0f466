using Microsoft.Extensions.Options;
using NeuralCapacitance.Api.Hosting;
using NeuralCapacitance.Domain.Access;

namespace NeuralCapacitance.Api.Access;

/// <summary>Whose tokens are taken besides keys: a company's sign-on. Section <c>Auth:Jwt</c>.</summary>
public sealed class JwtOptions
{
    public const string Section = "Auth:Jwt";

    /// <summary>The issuer, where its discovery document lies below. Null: no tokens are taken.</summary>
    public string? Authority { get; set; }

    /// <summary>The name that the issuer knows this service by; a token for another is refused.</summary>
    public string? Audience { get; set; }

    /// <summary>The claim that holds a word, or several, for what the user may do. A path leads into an object: <c>realm_access.roles</c>.</summary>
    public string RoleClaim { get; set; } = "roles";

    /// <summary>The issuer's words, and the role that each stands for. Empty: its words are the roles' own.</summary>
    public IDictionary<string, Role> Roles { get; set; } = new Dictionary<string, Role>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Of a user whose token names none. Null: refused.</summary>
    public Role? DefaultRole { get; set; }

    /// <summary>Must never be given to somebody else: what was submitted belongs to it.</summary>
    public string OwnerClaim { get; set; } = "sub";

    public string NameClaim { get; set; } = "name";

    public bool IsConfigured => !string.IsNullOrWhiteSpace(Authority);

    /// <summary>On the machine itself nobody listens in between.</summary>
    internal bool IsAuthorityLocal => Uri.TryCreate(Authority, UriKind.Absolute, out var uri)
        && Loopback.IsName(uri.Host);
}

internal sealed class JwtOptionsValidator : IValidateOptions<JwtOptions>
{
    public ValidateOptionsResult Validate(string? name, JwtOptions options)
    {
        var faults = FaultsIn(options).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> FaultsIn(JwtOptions options)
    {
        if (!options.IsConfigured)
        {
            if (!string.IsNullOrWhiteSpace(options.Audience) || options.Roles.Count > 0 || options.DefaultRole is not null)
                yield return "Auth:Jwt:Authority is missing, and without it the other settings of Auth:Jwt do nothing; give the issuer's address.";
            yield break;
        }

        if (!Uri.TryCreate(options.Authority, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp))
            yield return $"Auth:Jwt:Authority '{options.Authority}' is no address; give the issuer's, such as https://sign-on.example.org/realms/main.";
        else if (uri.Scheme != Uri.UriSchemeHttps && !options.IsAuthorityLocal)
            yield return $"Auth:Jwt:Authority '{options.Authority}' is reached without encryption; give an https address (http only on this machine).";
        if (string.IsNullOrWhiteSpace(options.Audience)) yield return "Auth:Jwt:Audience is missing; give the name that the issuer knows this service by, or tokens for every other service would be taken.";
        if (string.IsNullOrWhiteSpace(options.OwnerClaim)) yield return "Auth:Jwt:OwnerClaim is empty; give the claim that names the user, such as sub.";
        if (string.IsNullOrWhiteSpace(options.NameClaim)) yield return "Auth:Jwt:NameClaim is empty; give the claim that shows the user, such as name.";
        if (string.IsNullOrWhiteSpace(options.RoleClaim)) yield return "Auth:Jwt:RoleClaim is empty; give the claim that holds the user's roles, such as roles.";
        foreach (var (word, role) in options.Roles)
            if (!Enum.IsDefined(role)) yield return $"Auth:Jwt:Roles:{word} is {role}; accepted is {RoleWords.Accepted}.";
        if (options.DefaultRole is { } standard && !Enum.IsDefined(standard)) yield return $"Auth:Jwt:DefaultRole is {standard}; accepted is {RoleWords.Accepted}.";
    }
}
