using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Domain.Tests.Jobs;

/// <summary>docs/inputs.md says of job specs what is so.</summary>
public sealed class InputsPageTests
{
    private readonly JobSpecReader _reader = new(new FewBackbones(), new FewDatasets());

    [Fact]
    public void Texts_are_told_as_the_page_says()
    {
        var rows = Table("| text | told as |");
        rows.Count.ShouldBeGreaterThan(10);
        foreach (var (text, told) in rows) SpecText.FaultIn(text.Trim('`')).ShouldNotBeNull(text).ToString().ShouldContain(told);
    }

    [Fact]
    public void Backbones_are_taken_or_suggested_as_the_page_says()
    {
        var rows = Table("| backbone | answer |");
        rows.Count.ShouldBeGreaterThan(5);
        foreach (var (typed, answer) in rows)
        {
            var result = _reader.Read($$"""{ "dataset": { "name": "CIFAR10" }, "candidates": ["{{typed.Trim('`')}}", "cnn-small"] }""");
            if (answer.StartsWith("did", StringComparison.Ordinal)) result.Faults.ShouldHaveSingleItem().Problem.ShouldContain($"; {answer}");
            else result.Spec.ShouldNotBeNull(typed).Candidates[0].Backbone.ShouldBe(answer);
        }
    }

    private static List<(string First, string Second)> Table(string head)
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "inputs.md"));
        return [.. lines.SkipWhile(line => line != head).Skip(2).TakeWhile(line => line.StartsWith('|')).Select(line => line.Trim('|').Split(" | ")).Select(cells => (cells[0].Trim(), cells[1].Trim()))];
    }
}
