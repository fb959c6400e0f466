using System.Text.RegularExpressions;

namespace NeuralCapacitance.EndToEnd.Deployment;

/// <summary>No container engine builds the images where this is developed, so what they name is checked here.</summary>
public sealed partial class ContainerFileTests
{
    private static readonly string[] Names = ["Dockerfile", "Dockerfile.gpu"];

    public static TheoryData<string> Files => [.. Names];

    [Theory, MemberData(nameof(Files))]
    public void Copied_paths_exist(string file)
    {
        var sources = Instructions(file)
            .Where(i => i.Keyword == "COPY" && i.Option("from") is null)
            .SelectMany(i => i.Words.SkipLast(1))
            .ToList();
        sources.ShouldNotBeEmpty();
        sources.Where(source => !Path.Exists(Repository.PathOf(source))).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Files))]
    public void Stages_copied_from_come_earlier(string file)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var instruction in Instructions(file))
        {
            if (instruction.Keyword == "FROM") seen.Add(instruction.Stage);
            if (instruction.Keyword == "COPY" && instruction.Option("from") is { } from) seen.ShouldContain(from);
        }
        seen.ShouldContain("service");
    }

    [Theory, MemberData(nameof(Files))]
    public void A_script_is_copied_into_its_stage_with_all_that_it_reads(string file)
    {
        var stages = Instructions(file).GroupBy(i => i.Stage, StringComparer.Ordinal);
        foreach (var stage in stages)
        {
            var copied = new HashSet<string>(StringComparer.Ordinal);
            foreach (var instruction in stage)
            {
                if (instruction.Keyword == "COPY" && instruction.Option("from") is null) copied.UnionWith(instruction.Words.SkipLast(1));
                if (instruction.Keyword != "RUN") continue;
                foreach (var script in ScriptName().Matches(instruction.Arguments).Select(match => match.Value))
                {
                    if (copied.Contains(".")) continue;
                    copied.ShouldContain(script);
                    if (Repository.Read(script).Contains("/environment\"", StringComparison.Ordinal)) copied.ShouldContain("scripts/environment");
                }
            }
        }
    }

    [Theory, MemberData(nameof(Files))]
    public void Settings_are_ones_that_the_service_knows(string file)
    {
        var names = Instructions(file).Where(i => i.Keyword == "ENV").SelectMany(i => SettingName().Matches(i.Arguments)).Select(m => m.Value).ToList();
        names.ShouldNotBeEmpty();
        names.Where(name => !Settings.Knows(name)).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Files))]
    public void The_program_started_is_one_that_is_published(string file)
    {
        var commands = Instructions(file).Where(i => i.Keyword is "CMD" or "ENTRYPOINT").ToList();
        var command = commands.ShouldHaveSingleItem().Arguments;
        Published.Programs.ShouldContain(program => command.Contains(program, StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Files))]
    public void Neither_root_nor_a_secret_is_in_the_image(string file)
    {
        var service = Instructions(file).Where(i => i.Stage == "service").ToList();
        service.Last(i => i.Keyword == "USER").Arguments.ShouldNotBe("root");
        service.Where(i => i.Keyword is "ENV" or "ARG").ShouldNotContain(i => i.Arguments.Contains("PASSWORD", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void What_is_ignored_is_not_copied()
    {
        var ignored = Repository.Read(".dockerignore").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var copied = Names.SelectMany(Instructions).Where(i => i.Keyword == "COPY").SelectMany(i => i.Words);
        copied.Intersect(ignored, StringComparer.Ordinal).ShouldBeEmpty();
    }

    private static IReadOnlyList<Instruction> Instructions(string file) => ContainerFile.Parse(Repository.Read(file));

    [GeneratedRegex(@"scripts/[a-z-]+", RegexOptions.None, 1000)]
    private static partial Regex ScriptName();

    [GeneratedRegex(@"\b[A-Za-z]+__[A-Za-z_0-9]+", RegexOptions.None, 1000)]
    private static partial Regex SettingName();
}
