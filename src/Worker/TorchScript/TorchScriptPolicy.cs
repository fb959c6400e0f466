namespace NeuralCapacitance.Worker.TorchScript;

/// <summary>Which TorchScript files may run: such a file is a program.</summary>
public sealed class TorchScriptPolicy
{
    private const int DigestDigits = 64;
    private const string Prefix = "sha256:";

    private readonly bool all;
    private readonly HashSet<string> digests;

    private TorchScriptPolicy(bool all, IEnumerable<string> digests)
    {
        this.all = all;
        this.digests = digests.ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>None may.</summary>
    public static TorchScriptPolicy Off { get; } = new(all: false, []);

    /// <summary>Whether no file at all may run.</summary>
    public bool IsOff => !all && digests.Count == 0;

    /// <summary>Whether any may, whatever is in it.</summary>
    public bool AllowsAll => all;

    /// <param name="setting">Valid, as of <see cref="TorchScriptOptions.AllowTorchScript"/>.</param>
    public static TorchScriptPolicy Of(string setting)
        => PartsOf(setting) is [var word] && bool.TryParse(word, out var all) ? new(all, []) : new(all: false, PartsOf(setting).Select(DigestOf));

    /// <summary>What is wrong with a setting, a sentence each.</summary>
    public static IEnumerable<string> FaultsOf(string setting)
    {
        var parts = PartsOf(setting);
        if (parts is [var word] && bool.TryParse(word, out _)) return [];
        return parts.Where(part => !IsDigest(DigestOf(part))).Select(part => bool.TryParse(part, out _)
            ? $"{TorchScriptOptions.AllowSetting} has '{part}' beside digests; accepted is false, true, or digests alone."
            : $"{TorchScriptOptions.AllowSetting} has '{part}'; accepted is false, true, or the SHA-256 of each file that may run ({DigestDigits} hexadecimal digits, as sha256sum prints it), with commas in between.");
    }

    /// <param name="digest">SHA-256 of the file, lower-case hexadecimal.</param>
    public bool Allows(string digest) => all || digests.Contains(digest);

    /// <summary>What to tell whoever names a file that may not run.</summary>
    public static string Refusal(string digest)
        => $"it is TorchScript, which is a program, and this service does not run it. Whoever operates the service can allow this file: {TorchScriptOptions.AllowSetting}={digest}";

    private static string[] PartsOf(string setting) => setting.Split([',', ' ', ';', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string DigestOf(string part)
        => (part.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? part[Prefix.Length..] : part).ToLowerInvariant();

    private static bool IsDigest(string text) => text.Length == DigestDigits && text.All(char.IsAsciiHexDigit);
}
