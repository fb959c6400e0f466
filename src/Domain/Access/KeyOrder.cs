using System.Text.Json;
using System.Text.RegularExpressions;
using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Domain.Access;

/// <summary>A key to be made.</summary>
/// <param name="Expires">From now; null: never.</param>
public sealed record KeyOrder(string Name, Role Role, TimeSpan? Expires);

/// <summary>What a request about keys says, and every fault in it.</summary>
/// <param name="Order">Of no use where there are faults.</param>
public sealed record KeyOrderResult<T>(T Order, IReadOnlyList<SpecFault> Faults);

/// <summary>What is accepted of a key, in a request and on the command line.</summary>
public static partial class KeyRules
{
    public const string AcceptedName = "1 to 64 characters: letters, digits, '-', '_', '.' and '@', of which the first is a letter or digit";
    public const string AcceptedExpiry = "a duration from 1m to 3650d, such as 90d or 12h";
    public const string AcceptedOverlap = "a duration of at most 30d, such as 24h";

    private static readonly TimeSpan ShortestLife = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(3650);
    private static readonly TimeSpan LongestOverlap = TimeSpan.FromDays(30);

    public static bool IsName(string name) => NamePattern().IsMatch(name);

    /// <summary>Null: not accepted.</summary>
    public static TimeSpan? ExpiryOf(string text) => DurationText.TryParse(text, out var life) && life >= ShortestLife && life <= LongestLife ? life : null;

    /// <summary>Null: not accepted.</summary>
    public static TimeSpan? OverlapOf(string text) => DurationText.TryParse(text, out var overlap) && overlap <= LongestOverlap ? overlap : null;

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}\z")]
    private static partial Regex NamePattern();
}

/// <summary>Reads the bodies of requests about keys. A field that is null counts as absent.</summary>
public static class KeyOrderReader
{
    private const int LongestText = 200;

    /// <param name="json">Known to be JSON.</param>
    public static KeyOrderResult<KeyOrder> ReadNew(string json) => Read(json, "a key", root =>
    {
        var name = Required(root, "name", KeyRules.AcceptedName, text => KeyRules.IsName(text) ? text : null);
        var role = Required(root, "role", RoleWords.Accepted, RoleWords.Parse);
        return new KeyOrder(name ?? "", role ?? default, Optional(root, "expires", KeyRules.AcceptedExpiry, KeyRules.ExpiryOf));
    });

    /// <summary>How long the secret that is replaced stays good.</summary>
    public static KeyOrderResult<TimeSpan> ReadRotation(string json)
        => Read(json, "a rotation", root => Optional(root, "overlap", KeyRules.AcceptedOverlap, KeyRules.OverlapOf) ?? TimeSpan.Zero);

    /// <summary>What somebody signs in with. No fault repeats it.</summary>
    public static KeyOrderResult<string> ReadSecret(string json)
    {
        var (secret, faults) = Read(json, "a session", root =>
        {
            if (!root.Has("key")) root.Fault("key", null, "is missing", "a key, which begins with nck_");
            return root.Text("key", LongestText, "a key, which begins with nck_")?.Trim() ?? "";
        });
        return new(secret, [.. faults.Select(fault => fault.Path is "key" ? fault with { Value = null } : fault)]);
    }

    private static KeyOrderResult<T> Read<T>(string json, string what, Func<SpecObject, T> read)
    {
        var faults = new SpecFaults();
        using var document = JsonDocument.Parse(json);
        if (WellFormedText.FaultIn(document.RootElement) is { } fault) return new(read(new SpecObject("", element: null, new SpecFaults())), [fault]);
        var root = new SpecObject("", document.RootElement, faults);
        var order = read(root);
        // Of what is no object at all, one fault says enough.
        if (!root.IsObject) return new(order, [faults[0]]);
        root.RejectUnknownFields(what);
        return new(order, faults);
    }

    private static T? Required<T>(SpecObject root, string name, string accepted, Func<string, T?> parse)
    {
        if (root.Has(name)) return Optional(root, name, accepted, parse);
        root.Take(name);
        root.Fault(name, null, "is missing", accepted);
        return default;
    }

    private static T? Optional<T>(SpecObject root, string name, string accepted, Func<string, T?> parse)
    {
        var given = root.Take(name);
        if (root.Text(name, LongestText, accepted) is not { } text) return default;
        if (parse(text) is { } value) return value;
        root.Fault(name, given, "is not accepted", accepted);
        return default;
    }
}
