using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace NeuralCapacitance.Domain.Tests;

/// <summary>The layout that DESIGN and docs/architecture.md promise.</summary>
public sealed partial class ArchitectureTests
{
    public static TheoryData<string, string[]> Layers => new()
    {
        { "Domain", [] },
        { "Infrastructure", ["Domain"] },
        { "Worker", ["Domain", "Infrastructure"] },
        { "Client", [] },
        { "CommandLine", ["Client"] },
        { "Api", ["Client", "CommandLine", "Domain", "Infrastructure", "Worker"] },
    };

    [Theory, MemberData(nameof(Layers))]
    public void Dependencies_point_one_way(string project, string[] allowed)
        => References(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path)).Except(allowed).ShouldBeEmpty();

    [Fact]
    public void Every_project_has_its_place_among_the_layers()
        => Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .ShouldBe(Layers.Select(row => (string)row[0]), ignoreOrder: true);

    [Fact]
    public void Domain_needs_no_package_but_numerics()
    {
        References("Domain", "PackageReference").ShouldBe(["MathNet.Numerics"]);
        References("Domain", "FrameworkReference").ShouldBeEmpty();
    }

    [Fact]
    public void No_file_or_folder_has_a_name_that_says_nothing()
        => SourceFiles("src").Concat(SourceFiles("tests"))
            .Select(path => Path.GetRelativePath(Repository.Root, path))
            .Where(path => NamesThatSayNothing().IsMatch(path))
            .ShouldBeEmpty();

    [Theory]
    [InlineData("Domain")]
    [InlineData("Infrastructure")]
    [InlineData("Worker")]
    [InlineData("Client")]
    [InlineData("CommandLine")]
    [InlineData("Api")]
    public void A_folder_is_a_namespace(string project)
    {
        var root = Path.Combine(Repository.Root, "src", project);
        var astray = from file in SourceFiles(Path.Combine("src", project))
                     let declared = Namespace().Match(File.ReadAllText(file))
                     where declared.Success
                     let folder = Path.GetRelativePath(root, Path.GetDirectoryName(file)!)
                     let expected = $"NeuralCapacitance.{project}" + (folder == "." ? "" : "." + folder.Replace(Path.DirectorySeparatorChar, '.'))
                     where declared.Groups["name"].Value != expected
                     select $"{Path.GetRelativePath(root, file)} is in {declared.Groups["name"].Value}, not {expected}";
        astray.ShouldBeEmpty();
    }

    private static IEnumerable<string> References(string project, string kind)
        => XDocument.Load(Path.Combine(Repository.Root, "src", project, $"{project}.csproj"))
            .Descendants(kind).Select(reference => reference.Attribute("Include")!.Value);

    private static IEnumerable<string> SourceFiles(string folder)
        => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(path => !BuildOutput().IsMatch(path));

    [GeneratedRegex(@"(^|[\\/.a-z])(Utils?|Utilit(y|ies)|Helpers?|Managers?|Common)(?![a-z])", RegexOptions.ExplicitCapture)]
    private static partial Regex NamesThatSayNothing();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"[\\/](bin|obj)[\\/]", RegexOptions.ExplicitCapture)]
    private static partial Regex BuildOutput();
}
