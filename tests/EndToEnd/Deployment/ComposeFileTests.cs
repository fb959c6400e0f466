using System.Text.RegularExpressions;

namespace NeuralCapacitance.EndToEnd.Deployment;

public sealed partial class ComposeFileTests
{
    private readonly ComposeFile _compose = ComposeFile.Parse(Repository.Read("docker-compose.yml"));

    [Fact]
    public void It_holds_the_database_the_service_and_a_worker()
        => _compose.Services.Keys.ShouldBe(["postgres", "api", "worker", "worker-gpu"]);

    public static TheoryData<string> Services => ["postgres", "api", "worker", "worker-gpu"];

    /// <summary>The password is in a file, which whoever sets the service up has made, and in no variable.</summary>
    [Fact]
    public void A_password_is_a_file_and_has_no_default()
    {
        PasswordValue().Matches(_compose.Text).ShouldBeEmpty();
        _compose.Text.ShouldContain("POSTGRES_PASSWORD_FILE: /run/secrets/postgres-password");
        _compose.Text.ShouldContain("target: ConnectionStrings__PostgresPassword");
        Settings.Knows("ConnectionStrings__PostgresPassword").ShouldBeTrue();
        ComposeFile.Blocks(_compose.Text, indent: 0)["secrets"].ShouldContain("file: ");
        Repository.Read(".gitignore").Split('\n').ShouldContain("/secrets/");
        Repository.Read(".dockerignore").Split('\n').ShouldContain("secrets");
    }

    [Fact]
    public void Every_variable_has_a_default()
        => Variable().Matches(_compose.Text).ShouldAllBe(m => m.Groups["rest"].Value.StartsWith(":-", StringComparison.Ordinal));

    [Theory, MemberData(nameof(Services))]
    public void A_service_has_no_more_rights_than_it_needs(string service)
    {
        var text = _compose.Services[service];
        foreach (var line in (string[])["read_only: true", "tmpfs:", "cap_drop:\n    - ALL", "no-new-privileges:true", "mem_limit:", "pids_limit:", "max-size:", "max-file:", "healthcheck:", "networks:"])
            text.ShouldContain(line, Case.Sensitive);
        text.ShouldNotContain("privileged");
        text.Contains("cap_add:", StringComparison.Ordinal).ShouldBe(service == "postgres");
    }

    [Fact]
    public void The_database_is_on_a_network_that_leads_nowhere_and_the_api_alone_is_in_front()
    {
        ComposeFile.Blocks(_compose.Text, indent: 0)["networks"].ShouldContain("database:\n    internal: true");
        NetworksOf("postgres").ShouldBe(["database"]);
        NetworksOf("api").ShouldBe(["database", "front"]);
        NetworksOf("worker").ShouldBe(["database", "out"]);
        _compose.Services.Where(service => service.Value.Contains("ports:", StringComparison.Ordinal)).Select(service => service.Key).ShouldBe(["api"]);
    }

    [Fact]
    public void A_worker_waits_for_the_database_only_and_is_asked_whether_it_has_checked_in()
    {
        _compose.Services["worker"].ShouldNotContain("api:");
        var image = ContainerFile.Parse(Repository.Read("Dockerfile")).Single(i => i.Keyword == "ENV").Arguments;
        image.ShouldContain("Queue__CheckInFile=/tmp/checked-in");
        _compose.Services["worker"].ShouldContain("\"/app/scripts/check-worker\", \"/tmp/checked-in\"");
    }

    [Fact]
    public void The_worker_for_GPUs_reserves_one_and_is_started_only_when_asked_for()
    {
        var worker = _compose.Services["worker-gpu"];
        worker.ShouldContain("driver: nvidia");
        worker.ShouldContain("capabilities: [gpu]");
        worker.ShouldContain("profiles:\n      - gpu");
    }

    [Fact]
    public void Bases_can_be_pinned_and_are_images_without_the_SDK()
    {
        foreach (var file in (string[])["Dockerfile", "Dockerfile.gpu"])
        {
            var instructions = ContainerFile.Parse(Repository.Read(file));
            instructions.Where(i => i.Keyword == "FROM").Select(i => i.Arguments).ShouldBe(["$SDK_IMAGE AS build", "$RUNTIME_IMAGE AS service"]);
            instructions.ShouldContain(i => i.Keyword == "ARG" && i.Stage.Length == 0 && i.Arguments == "RUNTIME_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0");
        }
        foreach (var argument in (string[])["SDK_IMAGE", "RUNTIME_IMAGE"]) _compose.Services["api"].ShouldContain($"{argument}: \"${{{argument}:-");
    }

    [Fact]
    public void Programs_and_scripts_are_in_the_image()
    {
        var named = InImage().Matches(_compose.Text).Select(m => m.Value).Distinct(StringComparer.Ordinal).ToList();
        named.Count.ShouldBe(4);
        named.ShouldAllBe(path => Published.Programs.Contains(path) || CopiedScripts().Contains(path));
    }

    [Fact]
    public void Settings_are_ones_that_the_service_knows()
    {
        var names = SettingName().Matches(_compose.Text).Select(m => m.Groups["name"].Value).ToList();
        names.ShouldContain("ConnectionStrings__Postgres");
        names.Where(name => !Settings.Knows(name)).ShouldBeEmpty();
    }

    [Fact]
    public void Volumes_are_declared()
        => NamedVolume().Matches(_compose.Text).Select(m => m.Groups["name"].Value).Distinct(StringComparer.Ordinal)
            .ShouldBe(_compose.Volumes, ignoreOrder: true);

    [Fact]
    public void A_service_that_is_waited_for_has_a_health_check()
    {
        var awaited = Awaited().Matches(_compose.Text).Select(m => m.Groups["name"].Value).Distinct(StringComparer.Ordinal).ToList();
        awaited.ShouldBe(["postgres"]);
        awaited.ShouldAllBe(service => _compose.Services[service].Contains("healthcheck:", StringComparison.Ordinal));
    }

    [Fact]
    public void Ports_are_published_on_loopback_only()
        => PublishedPort().Matches(_compose.Text).ShouldHaveSingleItem().Groups["name"].Value.ShouldStartWith("127.0.0.1:");

    [Fact]
    public void The_health_check_asks_the_port_that_the_image_listens_on()
    {
        var listens = Repository.Read("Dockerfile").Split('\n').Single(line => line.StartsWith("EXPOSE ", StringComparison.Ordinal)).Split(' ')[1];
        _compose.Services["api"].ShouldContain($"\"/app/scripts/check-health\", \"{listens}\"");
        PublishedPort().Match(_compose.Services["api"]).Groups["name"].Value.ShouldEndWith($":{listens}");
    }

    private List<string> NetworksOf(string service)
        => [.. NetworkList().Matches(_compose.Services[service])[^1].Groups["names"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim(' ', '-'))];

    private static IEnumerable<string> CopiedScripts()
        => ContainerFile.Parse(Repository.Read("Dockerfile"))
            .Where(i => i is { Stage: "service", Keyword: "COPY" } && i.Option("from") is null)
            .SelectMany(i => i.Words.SkipLast(1))
            .Select(path => $"/app/{path}");

    [GeneratedRegex(@"networks:\n(?<names>(\s+- \w+\n)+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NetworkList();

    [GeneratedRegex(@"\$\{(?<name>\w+)(?<rest>[^}]*)\}", RegexOptions.None, 1000)]
    private static partial Regex Variable();

    [GeneratedRegex("(?i:password)[=:] +\"?(?<name>[^\";\\s]+)", RegexOptions.None, 1000)]
    private static partial Regex PasswordValue();

    [GeneratedRegex(@"/app/[\w./-]+", RegexOptions.None, 1000)]
    private static partial Regex InImage();

    [GeneratedRegex(@"(?<name>\w+__\w+):", RegexOptions.None, 1000)]
    private static partial Regex SettingName();

    [GeneratedRegex(@"- (?<name>[a-z]+):/", RegexOptions.None, 1000)]
    private static partial Regex NamedVolume();

    [GeneratedRegex(@"(?<name>\w+):\n\s+condition: service_healthy", RegexOptions.None, 1000)]
    private static partial Regex Awaited();

    [GeneratedRegex("ports:\\n\\s+- \"(?<name>[^\"]+)\"", RegexOptions.None, 1000)]
    private static partial Regex PublishedPort();
}
