namespace NeuralCapacitance.Domain.Access;

/// <summary>Roles as the lower-case words that clients, issuers and settings write.</summary>
public static class RoleWords
{
    public static string Accepted { get; } = string.Join(", ", Enum.GetValues<Role>().Select(Of));

    public static string Of(Role role) => role.ToString().ToLowerInvariant();

    /// <summary>Null: it is no role's.</summary>
    public static Role? Parse(string word)
    {
        foreach (var role in Enum.GetValues<Role>())
            if (string.Equals(Of(role), word, StringComparison.OrdinalIgnoreCase)) return role;
        return null;
    }
}
