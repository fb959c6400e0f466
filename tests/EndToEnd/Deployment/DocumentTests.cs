using System.Text.RegularExpressions;

namespace NeuralCapacitance.EndToEnd.Deployment;

public sealed partial class DocumentTests
{
    public static TheoryData<string> Documents =>
        [.. new[] { ".", "docs", "docs/adr", "docs/experiments" }
            .Where(folder => Directory.Exists(Repository.PathOf(folder)))
            .SelectMany(folder => Directory.GetFiles(Repository.PathOf(folder), "*.md"))
            .Select(file => Path.GetRelativePath(Repository.Root, file))
            .Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Documents))]
    public void Links_lead_somewhere(string document)
    {
        var folder = Path.GetDirectoryName(Repository.PathOf(document))!;
        var broken = Link().Matches(Repository.Read(document)).Select(m => m.Groups["name"].Value)
            .Where(target => !target.Contains("://", StringComparison.Ordinal) && !Path.Exists(Path.Combine(folder, target)));
        broken.ShouldBeEmpty();
    }

    [Fact]
    public void Every_setting_is_documented_and_none_else()
    {
        var documented = SettingRow().Matches(Repository.Read("docs/operations.md")).SelectMany(row => SettingName().Matches(row.Value)).Select(m => m.Groups["name"].Value);
        documented.Where(name => !name.StartsWith("Serilog:", StringComparison.Ordinal)).ShouldBe(Settings.All, ignoreOrder: true);
    }

    [GeneratedRegex(@"\]\((?<name>[^)#\s]+)(?:#[^)]*)?\)", RegexOptions.None, 1000)]
    private static partial Regex Link();

    [GeneratedRegex(@"^\| `[^|]+\|", RegexOptions.Multiline, 1000)]
    private static partial Regex SettingRow();

    [GeneratedRegex(@"`(?<name>\w+:\w[\w:]*)`", RegexOptions.None, 1000)]
    private static partial Regex SettingName();
}
