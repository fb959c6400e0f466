using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text.Json;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.EndToEnd.Deployment;

/// <summary>What scripts/publish lays down, for this platform and for those that are not here. It builds in a folder of its own, where what is of no platform is built once.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PublishTests(PublishTests.Artifacts artifacts) : IClassFixture<PublishTests.Artifacts>, IDisposable
{
    /// <summary>They have had their say in the build that made these tests.</summary>
    private const string WithoutAnalyzers = "-p:RunAnalyzers=false";

    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task What_is_published_for_this_platform_loads_and_trains()
    {
        await PublishAsync("--use-current-runtime");
        var spec = new JobSpec
        {
            Dataset = new DatasetSpec { Name = DatasetSpec.SyntheticName },
            Candidates = [new CandidateSpec { Name = "cnn-small", Backbone = "cnn-small", Weights = "random" }],
        };

        var (status, output) = await RunAsync(
            "dotnet", [folder.PathOf("app/worker/NeuralCapacitance.Worker.dll"), "measure", $"--Storage:Root={folder.PathOf("data")}", $"--Datasets:CacheRoot={folder.PathOf("cache")}"],
            JsonSerializer.Serialize(new { Spec = spec, Candidate = spec.Candidates[0], Classes = 2 }, JobSpecJson.Options));

        status.ShouldBe(0, output);
        JsonDocument.Parse(output).RootElement.GetProperty("cost").GetProperty("evaluationSecondsPerImage").GetDouble().ShouldBeGreaterThan(0);
        var (served, help) = await RunAsync("dotnet", [folder.PathOf("app/api/NeuralCapacitance.Api.dll"), "--help"], input: "");
        served.ShouldBe(0, help);
        // The page, with the charts that come out of a package.
        foreach (var file in (string[])["index.html", "js/app.js", "lib/echarts.js"]) File.Exists(folder.PathOf($"app/api/wwwroot/{file}")).ShouldBeTrue(file);
    }

    /// <summary>Nothing runs there; the files must be those of the platform.</summary>
    [Theory]
    [InlineData("win-x64", "LibTorchSharp.dll", "libtorch/torch_cpu.dll", "libSkiaSharp.dll")]
    [InlineData("osx-arm64", "libLibTorchSharp.dylib", "libtorch/libtorch_cpu.dylib", "libSkiaSharp.dylib")]
    public async Task Both_programs_are_published_for_other_platforms(string runtime, params string[] libraries)
    {
        await PublishAsync("--runtime", runtime);

        foreach (var program in (string[])["api", "worker"])
        {
            var files = Directory.GetFiles(folder.PathOf($"app/{program}"), "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(folder.PathOf($"app/{program}"), file).Replace('\\', '/')).ToList();
            libraries.Except(files).ShouldBeEmpty(program);
            files.Where(file => file.EndsWith(".so", StringComparison.Ordinal)).ShouldBeEmpty(program);
        }
    }

    public void Dispose() => folder.Dispose();

    private async Task PublishAsync(params string[] options)
    {
        var (status, output) = await RunAsync("bash", [Repository.PathOf("scripts/publish"), folder.PathOf("app"), .. options, "--artifacts-path", artifacts.Path, WithoutAnalyzers], input: "");
        status.ShouldBe(0, output);
    }

    private static async Task<(int Status, string Output)> RunAsync(string program, IEnumerable<string> arguments, string input)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return (process.ExitCode, process.ExitCode == 0 ? await output : await output + await errors);
    }

    /// <summary>For all tests of the class.</summary>
    public sealed class Artifacts : IDisposable
    {
        private readonly TemporaryFolder folder = new();

        public string Path => folder.PathOf("artifacts");

        public void Dispose() => folder.Dispose();
    }
}
