using System.Security.Claims;
using System.Text.Json;
using NeuralCapacitance.Domain.Access;

namespace NeuralCapacitance.Api.Access;

/// <summary>Who a token that the issuer signed speaks of.</summary>
internal static class TokenCaller
{
    private const int LongestSubject = 255;
    private const int LongestName = 128;

    /// <summary>The caller, or somebody without a role and why; null: the token names nobody.</summary>
    public static ClaimsPrincipal? Of(ClaimsPrincipal token, JwtOptions options, string scheme)
    {
        if (token.FindFirstValue(options.OwnerClaim) is not { Length: > 0 and <= LongestSubject } subject || subject.Any(char.IsControl)) return null;
        var name = NameOf(token.FindFirstValue(options.NameClaim) ?? "") is { Length: > 0 } shown ? shown : subject;
        var words = Words(token, options.RoleClaim).ToList();
        return RoleOf(words, options) is { } role
            ? new Caller($"user:{subject}", name, role).ToPrincipal(scheme)
            : CallerClaims.WithoutRole(name, Reason(name, words, options), scheme);
    }

    /// <summary>The highest that any word stands for.</summary>
    private static Role? RoleOf(IEnumerable<string> words, JwtOptions options)
        => words.Select(word => RoleOf(word, options)).Where(role => role is not null).Max() ?? options.DefaultRole;

    private static Role? RoleOf(string word, JwtOptions options)
    {
        if (options.Roles.Count == 0) return RoleWords.Parse(word);
        foreach (var (known, stands) in options.Roles)
            if (string.Equals(known, word, StringComparison.OrdinalIgnoreCase)) return stands;
        return null;
    }

    /// <summary>Claims of several values, and one of several words (<c>scope</c>); words with spaces in them count too.</summary>
    private static IEnumerable<string> Words(ClaimsPrincipal token, string claim)
    {
        var values = token.FindAll(claim).Select(found => found.Value).ToList();
        if (values.Count == 0 && claim.Split('.') is [var outer, .. { Length: > 0 } inner]) values = [.. token.FindAll(outer).SelectMany(found => Below(found.Value, inner))];
        return values.SelectMany(value => value.Contains(' ', StringComparison.Ordinal) ? [value, .. value.Split(' ', StringSplitOptions.RemoveEmptyEntries)] : new[] { value });
    }

    private static IEnumerable<string> Below(string json, string[] path)
    {
        JsonElement element;
        try
        {
            element = JsonSerializer.Deserialize<JsonElement>(json);
        }
        catch (JsonException)
        {
            return [];
        }

        foreach (var name in path)
            if (element.ValueKind is not JsonValueKind.Object || !element.TryGetProperty(name, out element)) return [];
        return element.ValueKind switch
        {
            JsonValueKind.Array => element.EnumerateArray().Where(item => item.ValueKind is JsonValueKind.String).Select(item => item.GetString()!).ToList(),
            JsonValueKind.String => [element.GetString()!],
            _ => [],
        };
    }

    private static string Reason(string name, IReadOnlyList<string> words, JwtOptions options) => words.Count == 0
        ? $"The token of `{name}` has no claim `{options.RoleClaim}`, which would say what the user may do."
        : $"No word in the claim `{options.RoleClaim}` of the token of `{name}` stands for a role here.";

    private static string NameOf(string claim)
    {
        var shown = string.Concat(claim.Where(letter => !char.IsControl(letter))).Trim();
        return shown.Length > LongestName ? shown[..LongestName] : shown;
    }
}
