using System.Text.RegularExpressions;

namespace NeuralCapacitance.Domain.Tests;

/// <summary>What only some systems have is called behind a guard, and the compiler sees to it.</summary>
public sealed partial class PlatformTests
{
    [Fact]
    public void Calls_that_only_some_systems_have_are_errors()
    {
        var section = "";
        var severities = new List<(string Section, string Severity)>();
        foreach (var line in File.ReadLines(Path.Combine(Repository.Root, ".editorconfig")))
        {
            if (line.StartsWith('[')) section = line;
            if (Severity().Match(line) is { Success: true } match) severities.Add((section, match.Groups["severity"].Value));
        }
        severities.ShouldBe([("[*.cs]", "error")]);
    }

    [Fact]
    public void No_project_or_file_suppresses_them()
    {
        string[] settings = [.. FilesBelow("src", "*.csproj"), .. FilesBelow("tests", "*.csproj"), .. Directory.GetFiles(Repository.Root, "Directory.*")];
        settings.Concat(Sources).Where(file => Rule().IsMatch(File.ReadAllText(file)) && !IsThisFile(file)).ShouldBeEmpty();
    }

    [Fact]
    public void No_assembly_claims_a_system_for_all_that_it_holds()
        => Sources.Where(file => AssemblyWide().IsMatch(File.ReadAllText(file))).ShouldBeEmpty();

    [Fact]
    public void Native_functions_are_imported_only_where_the_systems_that_have_them_are_named()
        => Sources.Where(file => File.ReadAllText(file) is var text && Import().IsMatch(text) && !Supported().IsMatch(text)).ShouldBeEmpty();

    private static IEnumerable<string> Sources => FilesBelow("src", "*.cs").Concat(FilesBelow("tests", "*.cs"));

    private static IEnumerable<string> FilesBelow(string folder, string pattern)
        => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), pattern, SearchOption.AllDirectories).Where(path => !BuildOutput().IsMatch(path));

    private static bool IsThisFile(string file) => Path.GetFileName(file) == $"{nameof(PlatformTests)}.cs";

    [GeneratedRegex(@"^dotnet_diagnostic\.CA1416\.severity\s*=\s*(?<severity>\w+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Severity();

    [GeneratedRegex("CA1416")]
    private static partial Regex Rule();

    [GeneratedRegex(@"^\s*\[assembly:[^\]]*SupportedOSPlatform", RegexOptions.Multiline)]
    private static partial Regex AssemblyWide();

    [GeneratedRegex(@"\b(DllImport|LibraryImport)\(", RegexOptions.ExplicitCapture)]
    private static partial Regex Import();

    [GeneratedRegex(@"^\s*\[SupportedOSPlatform\(", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Supported();

    [GeneratedRegex(@"[\\/](bin|obj)[\\/]", RegexOptions.ExplicitCapture)]
    private static partial Regex BuildOutput();
}
