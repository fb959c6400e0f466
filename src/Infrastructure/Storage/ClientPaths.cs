using System.Text.RegularExpressions;

namespace NeuralCapacitance.Infrastructure.Storage;

/// <summary>
/// How a text that may name places on this machine is told to a client. What lies in a root is told by its path in there, as a spec names it; other places by the
/// setting that says where they are. The log has the whole.
/// </summary>
public sealed class ClientPaths
{
    private const string Inside = "inside";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly (Regex Path, string? Setting)[] places;

    /// <param name="roots">Folders that a spec's paths are relative to.</param>
    /// <param name="settings">Other folders → what they are called instead.</param>
    public ClientPaths(IEnumerable<string> roots, IEnumerable<KeyValuePair<string, string>> settings) => places =
    [
        .. roots.Select(root => (Path: root, Setting: (string?)null)).Concat(settings.Select(setting => (Path: setting.Key, Setting: (string?)setting.Value)))
            .Where(place => place.Path.Length > 0)
            .SelectMany(place => FormsOf(place.Path).Select(form => (Path: form, place.Setting)))
            .Where(place => place.Path.Length > 1)
            .DistinctBy(place => place.Path, StringComparer.Ordinal)
            .OrderByDescending(place => place.Path.Length)
            .Select(place => (ExpressionOf(place.Path), place.Setting)),
    ];

    /// <summary>Of a node: data roots, uploads and saved weights, and all else that the service reads or writes.</summary>
    /// <param name="roots">More roots.</param>
    /// <param name="more">More places → their settings.</param>
    public static ClientPaths Of(StorageOptions storage, IEnumerable<string>? roots = null, IEnumerable<KeyValuePair<string, string>>? more = null) => new(
        [.. roots ?? [], .. storage.DataRoots, storage.UploadRoot, Path.Combine(storage.AbsoluteRoot, "artifacts")],
        [
            .. more ?? [],
            KeyValuePair.Create(storage.AbsoluteRoot, $"{StorageOptions.Section}:{nameof(storage.Root)}"),
            KeyValuePair.Create(AppContext.BaseDirectory, "the program's folder"),
            KeyValuePair.Create(Path.GetTempPath(), "the folder for temporary files"),
            KeyValuePair.Create(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), "the service's home folder"),
        ]);

    public string Tell(string text) => places.Aggregate(text, (told, place) => place.Path.Replace(told, match => match.Groups[Inside].Success
        ? place.Setting is null ? "" : $"{place.Setting}/"
        : place.Setting ?? "."));

    private static IEnumerable<string> FormsOf(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        return [full, RealOf(full)];
    }

    private static string RealOf(string path)
    {
        try
        {
            return Path.TrimEndingDirectorySeparator(RealPath.Of(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return path; // Links in a circle: nothing can be in there.
        }
    }

    /// <summary>The path as such, and not the beginning of a longer name.</summary>
    private static Regex ExpressionOf(string path) => new(
        $@"(?<![\w.-]){Regex.Escape(path)}(?:(?<{Inside}>[/\\])(?=[^\s'""”,;])|[/\\]?(?=$|[\s'""”,;:)!?]|\.(?:\s|$)))",
        (OperatingSystem.IsWindows() ? RegexOptions.IgnoreCase : RegexOptions.None) | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        Patience);
}
