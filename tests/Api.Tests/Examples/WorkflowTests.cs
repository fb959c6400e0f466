using System.Runtime.Versioning;
using System.Text.Json;
using System.Text.RegularExpressions;
using NeuralCapacitance.Api.Tests.Datasets;
using YamlDotNet.Serialization;

namespace NeuralCapacitance.Api.Tests.Examples;

/// <summary>The steps of the GitHub Actions workflow, run by bash as a runner would; and the Job of Kubernetes, read.</summary>
[UnsupportedOSPlatform("windows")]
public sealed partial class WorkflowTests(PlayingService playing) : IClassFixture<PlayingService>, IDisposable
{
    private readonly string _run = Guid.NewGuid().ToString();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nc-workflow-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Its_steps_upload_images_rank_backbones_and_tell_the_winner()
    {
        foreach (var (name, seed) in Enumerable.Range(0, 40).Select(i => ($"images/{(i % 2 == 0 ? "cat" : "dog")}/{i}.png", i)))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(File(name))!);
            await System.IO.File.WriteAllBytesAsync(File(name), Pictures.Png(seed));
        }

        await System.IO.File.WriteAllTextAsync(File("backbones.json"), """{ "candidates": ["resnet8", "cnn-small"], "training": { "batchSize": 4, "validation": 0.25 } }""");
        var job = Yaml("github-actions.yml")["jobs"]["rank"];
        var steps = job["steps"].Items.Select(step => (Name: step["name"].Text, Run: step["run"].Text)).Where(step => step.Run is not null).ToList();
        steps.Count.ShouldBe(5);
        var path = $"{Tool()}:{Environment.GetEnvironmentVariable("PATH")}";
        foreach (var (name, run) in steps.Where(step => step.Name is not "Install the command line"))
        {
            if (name is "Report" && !await HasReportsAsync()) continue;
            var ran = await playing.RunAsync(
                "bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", run!], _folder.FullName,
                [("PATH", path), ("GITHUB_STEP_SUMMARY", File("summary")), ("GITHUB_OUTPUT", File("output")), .. Variables(job["env"])]);
            ran.Code.ShouldBe(0, $"{name}: {ran}");
        }

        (await System.IO.File.ReadAllTextAsync(File("output"))).ShouldContain("backbone=resnet8");
        (await System.IO.File.ReadAllTextAsync(File("summary"))).ShouldContain("`resnet8`");
    }

    [Fact]
    public async Task Its_ranking_fails_where_the_spec_is_refused()
    {
        await System.IO.File.WriteAllTextAsync(File("backbones.json"), """{ "candidates": ["resnet9000", "cnn-small"] }""");
        var job = Yaml("github-actions.yml")["jobs"]["rank"];
        var rank = job["steps"].Items.Single(step => step["name"].Text is "Rank")["run"].Text!;

        var ran = await playing.RunAsync(
            "bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", rank], _folder.FullName, [("PATH", $"{Tool()}:{Environment.GetEnvironmentVariable("PATH")}"), .. Variables(job["env"])]);

        ran.Code.ShouldNotBe(0);
        ran.Errors.ShouldContain("candidates[0]");
    }

    [Fact]
    public void The_Job_of_Kubernetes_runs_a_script_that_is_there_in_an_environment_that_it_reads()
    {
        var pod = Yaml("kubernetes-job.yaml")["spec"]["template"]["spec"];
        var container = pod["containers"].Items.ShouldHaveSingleItem();
        var command = container["command"].Items.Select(item => item.Text!).ToList();
        var mount = container["volumeMounts"].Items.ShouldHaveSingleItem();
        command.Skip(1).ShouldAllBe(file => file.StartsWith($"{mount["mountPath"].Text}/"));
        pod["volumes"].Items.Select(volume => volume["name"].Text).ShouldContain(mount["name"].Text);
        var script = System.IO.File.ReadAllText(RepositoryFolder.PathOf($"examples/{Path.GetFileName(command[1])}"));
        container["env"].Items.Select(variable => variable["name"].Text!).ShouldAllBe(name => script.Contains($"\"{name}\""));
        container["env"].Items.Count.ShouldBe(3);
        var retried = Yaml("kubernetes-job.yaml")["spec"]["podFailurePolicy"]["rules"].Items.ShouldHaveSingleItem()["onExitCodes"];
        retried["containerName"].Text.ShouldBe(container["name"].Text);
        retried["values"].Items.Select(code => code.Text).ShouldBe(["1", "3"]);
        pod["restartPolicy"].Text.ShouldBe("Never", "a pod failure policy asks for it");
    }

    private async Task<bool> HasReportsAsync()
        => (await playing.Service.GetAsync<JsonElement>("/swagger/v1/swagger.json")).GetProperty("paths").EnumerateObject().Any(path => path.Name.EndsWith("/report.md", StringComparison.Ordinal));

    private string File(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>A folder with `neural-capacitance`, as an installed tool is one.</summary>
    private string Tool()
    {
        var folder = _folder.CreateSubdirectory("tools").FullName;
        var tool = Path.Combine(folder, "neural-capacitance");
        System.IO.File.WriteAllText(tool, $"#!/bin/sh\nexec dotnet '{Path.Combine(AppContext.BaseDirectory, "NeuralCapacitance.CommandLine.dll")}' \"$@\"\n");
        System.IO.File.SetUnixFileMode(tool, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return folder;
    }

    /// <summary>What the runner puts in place of expressions; secrets are in the environment already.</summary>
    private IEnumerable<(string Name, string Value)> Variables(Node env)
        => env.Fields.Where(field => !field.Value.Text!.Contains("secrets.", StringComparison.Ordinal)).Select(field => (field.Key, Expression().Replace(field.Value.Text!, _run)));

    private static Node Yaml(string example) => new(new DeserializerBuilder().Build().Deserialize<object>(System.IO.File.ReadAllText(RepositoryFolder.PathOf($"examples/{example}"))));

    [GeneratedRegex(@"\$\{\{[^}]*\}\}", RegexOptions.None, 1000)]
    private static partial Regex Expression();

    /// <summary>One value of a YAML document.</summary>
    private sealed record Node(object? Value)
    {
        public Node this[string key] => new((Value as IDictionary<object, object>)?.TryGetValue(key, out var found) == true ? found : null);

        public string? Text => Value as string;

        public IReadOnlyList<Node> Items => Value is IList<object> items ? [.. items.Select(item => new Node(item))] : [];

        public IReadOnlyDictionary<string, Node> Fields
            => Value is IDictionary<object, object> map ? map.ToDictionary(pair => (string)pair.Key, pair => new Node(pair.Value), StringComparer.Ordinal) : new Dictionary<string, Node>(StringComparer.Ordinal);
    }
}
