using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;

namespace NeuralCapacitance.Client.Tests;

/// <summary>The packages as somebody else gets them.</summary>
public sealed class PackTests : IDisposable
{
    private static readonly string Root = FindRoot();

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nc-packages-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task The_client_is_a_package_of_itself_with_its_readme_and_its_documentation()
    {
        using var package = await PackAsync("Client");

        package.Entries.Select(entry => entry.FullName).ShouldContain("README.md");
        package.Entries.Select(entry => entry.FullName).Where(name => name.StartsWith("lib/", StringComparison.Ordinal))
            .ShouldBe(["lib/net10.0/NeuralCapacitance.Client.dll", "lib/net10.0/NeuralCapacitance.Client.xml"], ignoreOrder: true);
        Dependencies(package).ShouldBe(["Polly.Core"]);
    }

    [Fact]
    public async Task The_command_line_is_a_tool_that_can_be_installed_and_carries_neither_libtorch_nor_the_service()
    {
        using (var package = await PackAsync("CommandLine"))
        {
            package.Entries.Select(entry => entry.Name).Where(name => name.Contains("torch", StringComparison.OrdinalIgnoreCase) || name is "NeuralCapacitance.Api.dll" or "NeuralCapacitance.Domain.dll").ShouldBeEmpty();
            package.Entries.Sum(entry => entry.CompressedLength).ShouldBeLessThan(5_000_000);
        }

        // Of the packages that were just made, and of nowhere else.
        var sources = Path.Combine(_folder.FullName, "nuget.config");
        await File.WriteAllTextAsync(sources, $"""<configuration><packageSources><clear /><add key="here" value="{_folder.FullName}" /></packageSources></configuration>""");
        var tools = Path.Combine(_folder.FullName, "tools");
        await DotnetAsync(["tool", "install", "NeuralCapacitance.CommandLine", "--tool-path", tools, "--configfile", sources]);

        var (code, output) = await RunAsync(Path.Combine(tools, OperatingSystem.IsWindows() ? "neural-capacitance.exe" : "neural-capacitance"), ["--help"]);

        code.ShouldBe(0, output);
        string[] commands = ["submit", "jobs", "watch", "ranking", "observe", "report", "finalize", "model", "cancel", "datasets", "backbones"];
        foreach (var command in commands) output.ShouldContain($"  {command} ");
    }

    private async Task<ZipArchive> PackAsync(string project)
    {
        await DotnetAsync(["pack", Path.Combine(Root, "src", project), "--no-build", "--configuration", Configuration, "--output", _folder.FullName, "--disable-build-servers", "-nodeReuse:false"]);
        return ZipFile.OpenRead(_folder.GetFiles("*.nupkg").ShouldHaveSingleItem().FullName);
    }

    private static async Task DotnetAsync(IEnumerable<string> arguments)
    {
        var (code, output) = await RunAsync("dotnet", arguments);
        code.ShouldBe(0, output);
    }

    private static async Task<(int Code, string Output)> RunAsync(string program, IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }

    private static IEnumerable<string> Dependencies(ZipArchive package)
    {
        using var nuspec = package.Entries.Single(entry => entry.Name.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        return XDocument.Load(nuspec).Descendants().Where(element => element.Name.LocalName is "dependency").Select(element => element.Attribute("id")!.Value).ToList();
    }

    /// <summary>That of this build: bin/CONFIGURATION/net10.0.</summary>
    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)).Parent!.Name;

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "NeuralCapacitance.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException($"No NeuralCapacitance.sln above {AppContext.BaseDirectory}.");
    }
}
