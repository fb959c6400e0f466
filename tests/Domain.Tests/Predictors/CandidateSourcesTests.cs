using NeuralCapacitance.Domain.Predictors;

namespace NeuralCapacitance.Domain.Tests.Predictors;

public sealed class CandidateSourcesTests
{
    [Fact]
    public void Scores_of_networks_that_start_at_random_are_expected_to_say_nothing()
    {
        Scored("a", "b").Single().Slope.ShouldBe(0);
        Scored("a@imagenet", "b").Single().Slope.ShouldBeGreaterThan(0);
        Scored(null, "b").Single().Slope.ShouldBeGreaterThan(0); // of what it starts from nothing is known

        static List<Source> Scored(params string?[] kinds) => Of([], kinds.Select((k, i) => Candidate(k, (PredictorNames.LogMe, i))));
    }

    [Fact]
    public void Two_scores_that_say_the_opposite_say_nothing()
        => Of([], Enumerable.Range(0, 4).Select(i => Candidate("a@file", (PredictorNames.LogMe, i), (PredictorNames.HScore, 100 - (3.3 * i)))))
            .Single().Values.ShouldAllBe(v => Math.Abs(v!.Value) < 1e-9);

    [Fact]
    public void The_accuracy_on_what_they_were_pretrained_for_is_a_source()
        => Of([], [Candidate("a@imagenet", (PredictorNames.SourceAccuracy, .7)), Candidate("b@imagenet", (PredictorNames.SourceAccuracy, .8))])
            .Single().Values.ShouldBe([.7, .8]);

    [Fact]
    public void Earlier_tasks_of_the_same_kinds_are_a_source_and_two_are_too_few()
    {
        PastTask[] tasks = [Task(.5, .6, .7), Task(.4, .52, .6), Task(.7, .79, .9), Task(.3, .41, .5)];
        CandidateCurves[] job = [Candidate("c"), Candidate("a"), Candidate("new"), Candidate("b")];

        var past = Of(tasks, job).Single().Values;

        past[0]!.Value.ShouldBeGreaterThan(past[3]!.Value);
        past[3]!.Value.ShouldBeGreaterThan(past[1]!.Value);
        past[2].ShouldBe(0); // as far as anybody knows, in the middle
        Of(tasks[..2], job).ShouldBeEmpty();
    }

    private static List<Source> Of(IReadOnlyList<PastTask> history, IEnumerable<CandidateCurves> candidates)
        => [.. CandidateSources.Of([.. candidates], history).Where(s => s.Values.All(v => v is not null))];

    private static PastTask Task(double a, double b, double c)
        => new("task", false, 10, [new PastCandidate("a", Candidate("a"), a), new PastCandidate("b", Candidate("b"), b), new PastCandidate("c", Candidate("c"), c)]);

    private static CandidateCurves Candidate(string? kind, params (string Name, double Value)[] scores)
        => new([[]]) { Kind = kind, Scores = scores.ToDictionary(s => s.Name, s => new ScoreValue(s.Value, null), StringComparer.Ordinal) };
}
