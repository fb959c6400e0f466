using System.Text.RegularExpressions;

namespace NeuralCapacitance.EndToEnd.Deployment;

/// <summary>The files that <c>docs/operations.md</c> makes a team's server of agree with each other and with the programs.</summary>
public sealed partial class TeamServerTests
{
    private const string Api = "deploy/systemd/neural-capacitance.service";
    private const string Worker = "deploy/systemd/neural-capacitance-worker@.service";
    private const string Shared = "deploy/systemd/settings";

    /// <summary>Of ASP.NET Core, not of the service.</summary>
    private static readonly string[] Frameworks = ["ASPNETCORE_URLS", "AllowedHosts"];

    [Theory]
    [InlineData(Api, "Api", "api")]
    [InlineData(Worker, "Worker", "worker")]
    public void A_unit_starts_what_is_published(string unit, string project, string folder)
    {
        var text = Repository.Read(unit);

        Value(text, "ExecStart").ShouldBe($"/usr/bin/dotnet /opt/neural-capacitance/{folder}/NeuralCapacitance.{project}.dll{(project is "Api" ? " serve" : "")}");
        File.Exists(Repository.Program(project)).ShouldBeTrue();
        Repository.Read("scripts/publish").ShouldContain($"\"$target/{folder}\"");
        Value(text, "EnvironmentFile").ShouldBe("/etc/neural-capacitance/settings");
    }

    [Fact]
    public void Every_setting_is_one()
    {
        var inUnits = new[] { Api, Worker }.SelectMany(unit => EnvironmentLine().Matches(Repository.Read(unit)).Select(line => line.Groups["name"].Value));
        var shared = Pairs(Shared).Select(pair => pair.Name).ToList();

        shared.ShouldNotBeEmpty();
        inUnits.Concat(shared).Where(name => !Frameworks.Contains(name) && !Settings.Knows(name)).ShouldBeEmpty();
    }

    [Fact]
    public void The_proxy_leads_to_the_service_by_the_name_that_it_goes_by()
    {
        var proxy = Repository.Read("deploy/nginx/neural-capacitance.conf");
        var settings = Pairs(Shared).ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal);

        proxy.ShouldContain($"server_name {settings["AllowedHosts"]};");
        proxy.ShouldContain($"proxy_pass {EnvironmentLine().Matches(Repository.Read(Api)).Single(line => line.Groups["name"].Value is "ASPNETCORE_URLS").Groups["value"].Value};");
        proxy.ShouldContain("proxy_set_header Host $http_host;");
        proxy.ShouldContain("proxy_set_header X-Forwarded-For $remote_addr;", customMessage: "what the client says of itself is not passed on");
        proxy.ShouldContain("proxy_buffering off;", customMessage: "events come one by one");
        settings["Proxy__Known__0"].ShouldBe("127.0.0.1");
        Repository.Read("docs/operations.md").ShouldContain($"{settings["Operations__Url"]}/metrics");
    }

    [Fact]
    public void The_guide_has_ten_steps_and_names_files_that_there_are()
    {
        var guide = Repository.Read("docs/operations.md").Split("## From `./run` to a team's server")[1].Split("\n## ")[0];

        Step().Count(guide).ShouldBe(10);
        foreach (var path in DeployPath().Matches(guide).Select(match => match.Value.Replace("*", "", StringComparison.Ordinal)))
            Path.Exists(Path.GetDirectoryName(Repository.PathOf(path))).ShouldBeTrue(path);
    }

    private static string Value(string unit, string key) => Regex.Match(unit, $"^{key}=(?<value>.*)$", RegexOptions.Multiline, TimeSpan.FromSeconds(1)).Groups["value"].Value;

    private static IEnumerable<(string Name, string Value)> Pairs(string file)
        => Repository.Read(file).Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split('=', 2)).Select(parts => (parts[0], parts[1]));

    [GeneratedRegex("^Environment=(?<name>[^=]+)=(?<value>.*)$", RegexOptions.Multiline, 1000)]
    private static partial Regex EnvironmentLine();

    [GeneratedRegex(@"^\d+\. \*\*", RegexOptions.Multiline, 1000)]
    private static partial Regex Step();

    [GeneratedRegex(@"deploy/[a-z]+/[A-Za-z@*.\-]+", RegexOptions.None, 1000)]
    private static partial Regex DeployPath();
}
