using System.Text.RegularExpressions;
using NeuralCapacitance.Domain.Datasets;

namespace NeuralCapacitance.Worker.Tests.Datasets.Folders;

/// <summary>Every layout in docs/inputs.md is what that says it is.</summary>
public sealed partial class InputsDocumentTests : IDisposable
{
    private readonly ImageFolderFixture data = new();

    public static TheoryData<string> Accepted => [.. Rows("### Layouts", "Refused, with")];

    public static TheoryData<string> Refused => [.. Rows("Refused, with", "### Files")];

    public void Dispose() => data.Dispose();

    [Theory, MemberData(nameof(Accepted))]
    public void A_layout_that_is_said_to_be_accepted_is(string layout)
    {
        var info = Inspect(layout);
        info.Classes.Count.ShouldBeGreaterThanOrEqualTo(2);
        info.TestImages.ShouldBeGreaterThan(0);
        info.Classes.ShouldAllBe(c => PartNamesOf(layout).All(part => part != c.Class) || c.Class == "train");
    }

    [Theory, MemberData(nameof(Refused))]
    public void A_layout_that_is_said_to_be_refused_is(string layout) => Should.Throw<DatasetException>(() => Inspect(layout)).Field.ShouldBe("path");

    [Fact]
    public void The_page_has_both_tables()
    {
        Accepted.Count.ShouldBeGreaterThan(10);
        Refused.Count.ShouldBeGreaterThan(8);
    }

    /// <summary>The first folder of a path, where others follow.</summary>
    private static IEnumerable<string> PartNamesOf(string layout) => layout.Split(' ').Select(path => path.Split('/')).Where(path => path.Length > 2 && path[^2] == "CLASS").Select(path => path[0]);

    private DatasetInfo Inspect(string layout)
    {
        foreach (var path in layout.Split(' '))
        {
            foreach (var folder in path.Contains("CLASS", StringComparison.Ordinal) ? [path.Replace("CLASS", "a", StringComparison.Ordinal), path.Replace("CLASS", "b", StringComparison.Ordinal)] : new[] { path })
            {
                for (var i = 0; i < 5; i++) data.Write($"d/{folder.Replace("*", $"{i}", StringComparison.Ordinal)}", []);
            }
        }
        return data.Catalogue.Inspect(ImageFolderFixture.Folder("d"));
    }

    private static IEnumerable<string> Rows(string from, string to)
    {
        var page = File.ReadAllText(Repository.PathOf("docs/inputs.md"));
        var start = page.IndexOf(from, StringComparison.Ordinal);
        var table = page[start..page.IndexOf(to, start, StringComparison.Ordinal)];
        return table.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => string.Join(' ', Quoted().Matches(line.Split('|')[1]).Select(match => match.Groups["path"].Value)));
    }

    [GeneratedRegex("`(?<path>[^`]+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Quoted();
}
