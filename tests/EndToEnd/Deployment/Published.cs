using System.Text.RegularExpressions;

namespace NeuralCapacitance.EndToEnd.Deployment;

/// <summary>What scripts/publish lays under /app, read from the script.</summary>
internal static partial class Published
{
    public static IReadOnlyList<string> Programs { get; } =
        [.. Publish().Matches(Repository.Read("scripts/publish")).Select(m => $"/app/{m.Groups["folder"].Value}/NeuralCapacitance.{m.Groups["project"].Value}.dll")];

    [GeneratedRegex("dotnet publish \"\\$root/src/(?<project>\\w+)/\\k<project>\\.csproj\".*--output \"\\$target/(?<folder>\\w+)\"", RegexOptions.None, 1000)]
    private static partial Regex Publish();
}
