using NeuralCapacitance.Domain.Answers;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Rankings;
using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Domain.Tests.Answers;

public sealed class FurtherJobTests
{
    private static readonly JobSpec Spec = new()
    {
        Name = "birds",
        Dataset = new DatasetSpec { Name = "synthetic" },
        Candidates = [.. "abcdef".Select(name => new CandidateSpec { Name = $"{name}", Backbone = $"{name}" })],
        Training = new TrainingSpec { Epochs = 50 },
    };

    [Fact]
    public void Where_few_are_tied_the_next_of_the_ranking_are_observed_too_in_the_order_of_the_spec()
        => Of(Spec, ranked: "ebafcd", tied: 2, more: 3)!.Candidates.ShouldBe(["a", "b", "e", "f"]);

    [Fact]
    public void Where_many_are_tied_nobody_else_is_observed()
        => Of(Spec, ranked: "fedcba", tied: 5, more: 3)!.Candidates.ShouldBe(["b", "c", "d", "e", "f"]);

    [Fact]
    public void Who_has_no_rank_is_not_trained_again()
        => Of(Spec, ranked: "ba", tied: 2, more: 3)!.Candidates.ShouldBe(["a", "b"]);

    [Theory]
    [InlineData("birds", "birds, to epoch 8")]
    [InlineData("birds, to epoch 5", "birds, to epoch 8")]
    [InlineData(null, "job 01020304, to epoch 8")]
    public void Its_name_says_where_it_comes_from(string? name, string expected)
        => Of(Spec with { Name = name }, ranked: "ba", tied: 2, more: 3)!.Name.ShouldBe(expected);

    [Fact]
    public void A_long_name_makes_room_for_the_epoch()
    {
        var name = Of(Spec with { Name = new string('n', 200) }, ranked: "ba", tied: 2, more: 3)!.Name;

        name.Length.ShouldBe(200);
        name.ShouldEndWith("n…, to epoch 8");
    }

    [Fact]
    public void A_window_that_starts_later_is_as_much_longer()
        => Of(Spec with { Selection = new SelectionSpec { Start = 2, Observe = 3 } }, ranked: "ba", tied: 2, more: 3)!.Observe.ShouldBe(6);

    [Fact]
    public void It_goes_no_further_than_the_training()
        => Of(Spec with { Training = new TrainingSpec { Epochs = 7 } }, ranked: "ba", tied: 2, more: 3)!.Observe.ShouldBe(7);

    [Fact]
    public void Epochs_that_are_trained_already_need_no_job()
        => Of(Spec, ranked: "ba", tied: 2, more: 3, trained: 8).ShouldBeNull();

    [Fact]
    public void Of_a_race_it_is_told_that_the_mode_is_another()
    {
        var job = Job(Spec with { Selection = new SelectionSpec { Mode = SelectionMode.Race } });
        var ranking = Ranking("ba");

        FurtherJob.Of(job, Course(5), ranking, [.. ranking.Candidates.Take(2)], 3)!.Told(job, ranking, 3)
            .ShouldBe("To observe 3 more, submit the job with `selection.observe` 8, `selection.mode` `early` and `a` and `b`; the same seeds repeat the first 5 epochs, which are trained again.");
    }

    /// <param name="tied">So many first ones.</param>
    private static FurtherJob? Of(JobSpec spec, string ranked, int tied, int more, int trained = 5)
    {
        var ranking = Ranking(ranked);
        return FurtherJob.Of(Job(spec), Course(trained), ranking, [.. ranking.Candidates.Take(tied)], more);
    }

    private static Job Job(JobSpec spec) => new() { Id = new Guid("01020304-0000-0000-0000-000000000000"), State = JobState.Succeeded, Spec = spec, CreatedAt = DateTimeOffset.UnixEpoch, Version = 1 };

    private static JobCourse Course(int trained) => new([.. Spec.Candidates.Select(_ => new CandidateCourse(trained, 1))], 0, 0, 0, 0, 0, 0, 0);

    /// <summary>Those that are not named have failed.</summary>
    private static Ranking Ranking(string ranked)
    {
        var curves = new Rankings.JobOfCurves();
        foreach (var candidate in Spec.Candidates)
        {
            var place = ranked.IndexOf(candidate.Name, StringComparison.Ordinal);
            if (place < 0) curves.With(candidate.Name, TrialState.Failed);
            else curves.With(candidate.Name, TrialState.Succeeded, Rankings.JobOfCurves.Line(0.9 - (0.05 * place), 5));
        }

        return Ranker.Rank(curves.Spec, curves.Trials, curves.Observations);
    }
}
