using System.Globalization;

namespace NeuralCapacitance.EndToEnd.Processes;

/// <summary>Processes that a process has started, as Linux lists them.</summary>
internal static class Children
{
    public static IReadOnlyList<int> Of(int process) => [.. Ids().Where(id => Parent(id) == process).Order()];

    /// <summary>Not one that is dead and waits for its parent to look.</summary>
    public static bool IsAlive(int process) => Stat(process) is { } stat && stat[0] is not ("Z" or "X");

    /// <summary>Whether a file whose path contains the text is mapped into its memory.</summary>
    public static bool HasLoaded(int process, string library) => File.ReadAllText($"/proc/{process}/maps").Contains(library, StringComparison.Ordinal);

    private static IEnumerable<int> Ids() => Directory.EnumerateDirectories("/proc")
        .Select(folder => Path.GetFileName(folder)).Where(name => name.All(char.IsAsciiDigit)).Select(name => int.Parse(name, CultureInfo.InvariantCulture));

    private static int? Parent(int process) => Stat(process) is { } stat ? int.Parse(stat[1], CultureInfo.InvariantCulture) : null;

    /// <summary>State, parent, … of proc(5); null: there is no such process.</summary>
    private static string[]? Stat(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }
}
