using System.Text.RegularExpressions;

namespace NeuralCapacitance.EndToEnd.Deployment;

public sealed partial class ComposeFileTests
{
    private readonly ComposeFile _compose = ComposeFile.Parse(Repository.Read("docker-compose.yml"));

    [Fact]
    public void It_holds_the_database_the_service_and_a_worker()
        => _compose.Services.Keys.ShouldBe(["postgres", "api", "worker"]);

    [Fact]
    public void A_password_has_no_default()
    {
        var passwords = Variable().Matches(_compose.Text).Where(m => m.Groups["name"].Value.Contains("PASSWORD", StringComparison.Ordinal)).ToList();
        passwords.Count.ShouldBeGreaterThanOrEqualTo(2);
        passwords.ShouldAllBe(m => m.Groups["rest"].Value.StartsWith(":?", StringComparison.Ordinal));
        PasswordValue().Matches(_compose.Text).ShouldAllBe(m => m.Groups["name"].Value.StartsWith('$'));
    }

    [Fact]
    public void Every_other_variable_has_a_default()
        => Variable().Matches(_compose.Text)
            .Where(m => !m.Groups["name"].Value.Contains("PASSWORD", StringComparison.Ordinal))
            .ShouldAllBe(m => m.Groups["rest"].Value.StartsWith(":-", StringComparison.Ordinal));

    [Fact]
    public void Programs_and_scripts_are_in_the_image()
    {
        var named = InImage().Matches(_compose.Text).Select(m => m.Value).Distinct(StringComparer.Ordinal).ToList();
        named.Count.ShouldBe(3);
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
        awaited.ShouldBe(["postgres", "api"], ignoreOrder: true);
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

    private static IEnumerable<string> CopiedScripts()
        => ContainerFile.Parse(Repository.Read("Dockerfile"))
            .Where(i => i is { Stage: "service", Keyword: "COPY" } && i.Option("from") is null)
            .SelectMany(i => i.Words.SkipLast(1))
            .Select(path => $"/app/{path}");

    [GeneratedRegex(@"\$\{(?<name>\w+)(?<rest>[^}]*)\}", RegexOptions.None, 1000)]
    private static partial Regex Variable();

    [GeneratedRegex("(?i:password)[=:] *\"?(?<name>[^\";\\s]+)", RegexOptions.None, 1000)]
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
