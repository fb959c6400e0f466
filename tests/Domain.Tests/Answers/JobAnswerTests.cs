using NeuralCapacitance.Domain.Answers;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Tests.Rankings;
using NeuralCapacitance.Domain.Trials;
using static NeuralCapacitance.Domain.Tests.Rankings.JobOfCurves;

namespace NeuralCapacitance.Domain.Tests.Answers;

public sealed class JobAnswerTests
{
    [Fact]
    public void A_clear_first_is_the_one_to_fine_tune()
    {
        var job = new JobOfCurves().With("worse", TrialState.Succeeded, Line(0.6, 5)).With("better", TrialState.Succeeded, Line(0.9, 5));

        var (answer, ranking) = AnswerOf.Job(job, secondsPerEpoch: 20);

        answer.Kind.ShouldBe(AnswerKind.Answered);
        answer.Recommended.ShouldBe(["better"]);
        answer.Sentence.ShouldMatch(@"^Fine-tune `better`: \d+ % expected \(\d+ – \d+\), (9\d|100) % sure that it is the best; stopped after 5 of 50 epochs, 45 min saved\.$");
        answer.Sentence.ShouldContain($"{100 * ranking.Candidates[0].PredictedAccuracy!.Value:0} % expected");
        answer.Next.ShouldStartWith("Finalize the job");
        answer.MoreEpochs.ShouldBeNull();
    }

    [Fact]
    public void Two_that_are_close_are_a_tie_and_the_cheaper_is_named()
    {
        var job = new JobOfCurves { Images = 200 }
            .With("cheap", TrialState.Succeeded, Jitter(0.80, 5, 0.01)).With("dear", TrialState.Succeeded, Jitter(0.805, 5, -0.01)).With("hopeless", TrialState.Succeeded, Line(0.3, 5));

        var (answer, ranking) = AnswerOf.Job(job, secondsPerEpoch: 2);

        answer.Kind.ShouldBe(AnswerKind.Tie);
        answer.Recommended.ShouldBe(["cheap", "dear"], ignoreOrder: true);
        answer.Sentence.ShouldContain("cannot be told apart: take the cheaper, `cheap`");
        answer.Next.ShouldContain("An epoch of `cheap` took 2 s, of the next 4 s.");
        ranking.Warnings.ShouldContain(w => w.Contains("cannot be told apart", StringComparison.Ordinal), "the ranking and its answer agree");
    }

    [Fact]
    public void A_tie_says_how_many_epochs_to_go_on_for_and_how()
    {
        var job = new JobOfCurves { Images = 40_000, Epochs = 100 }
            .With("a", TrialState.Succeeded, Jitter(0.80, 5, 0.01)).With("b", TrialState.Succeeded, Jitter(0.812, 5, -0.01)).With("c", TrialState.Succeeded, Line(0.4, 5));

        var (answer, _) = AnswerOf.Job(job);

        answer.Kind.ShouldBe(AnswerKind.Tie);
        var more = answer.MoreEpochs.ShouldNotBeNull();
        more.ShouldBeInRange(1, 95);
        answer.Sentence.ShouldEndWith($"or observe {more} more epoch{(more == 1 ? "" : "s")}.");
        answer.Next.ShouldContain($"`selection.observe` {5 + more}");
    }

    [Fact]
    public void The_same_curves_twice_are_told_apart_by_no_epoch()
    {
        var job = new JobOfCurves().With("a", TrialState.Succeeded, Line(0.8, 5)).With("b", TrialState.Succeeded, Line(0.8, 5)).With("c", TrialState.Succeeded, Line(0.5, 5));

        var (answer, _) = AnswerOf.Job(job);

        answer.Sentence.ShouldBe("`a` and `b` cannot be told apart: take the cheaper; more epochs would hardly tell them apart.");
        answer.MoreEpochs.ShouldBeNull();
    }

    [Fact]
    public void A_predictor_that_does_not_say_what_epochs_show_is_given_no_number()
    {
        var job = new JobOfCurves { Images = 50, Selection = new SelectionSpec { Predictor = "last-seen" } }
            .With("a", TrialState.Succeeded, Line(0.8, 5)).With("b", TrialState.Succeeded, Line(0.801, 5));

        AnswerOf.Job(job).Answer.Sentence.ShouldEndWith("or observe more epochs.");
    }

    [Fact]
    public void What_was_measured_to_the_end_has_the_word_and_the_prediction_stands_beside_it()
    {
        var job = new JobOfCurves { Epochs = 8, Images = 10_000, Selection = new SelectionSpec { Mode = SelectionMode.Full } }
            .With("worse", TrialState.Succeeded, Line(0.6, 8)).With("better", TrialState.Succeeded, Line(0.9, 8)).Tested(3);

        var (answer, ranking) = AnswerOf.Job(job);

        answer.Kind.ShouldBe(AnswerKind.Answered);
        var final = ranking.Candidates[0].FinalAccuracy!.Value;
        answer.Sentence.ShouldStartWith(FormattableString.Invariant($"Fine-tune `better`: {100 * final:0.0} % measured at the end (test, the last epoch), 30.0 points ahead of `worse`; the prediction from epochs 1 to 5, "));
        answer.Sentence.ShouldEndWith("put it first of 2.");
    }

    [Fact]
    public void Final_accuracies_within_the_chance_of_the_images_are_a_tie()
    {
        var job = new JobOfCurves { Epochs = 8, Images = 500, Selection = new SelectionSpec { Mode = SelectionMode.Full } }
            .With("a", TrialState.Succeeded, Line(0.802, 8)).With("b", TrialState.Succeeded, Line(0.80, 8));

        var answer = AnswerOf.Job(job).Answer;

        answer.Kind.ShouldBe(AnswerKind.Tie);
        answer.Recommended.ShouldBe(["a", "b"]);
        answer.Sentence.ShouldContain("by their final accuracy (validation, ");
        answer.Sentence.ShouldContain("on 500 images");
    }

    [Fact]
    public void A_candidate_that_alone_was_ranked_is_not_called_the_best()
    {
        var job = new JobOfCurves().With("broken", TrialState.Failed, Line(0.6, 2)).With("left", TrialState.Succeeded, Line(0.9, 5));

        var answer = AnswerOf.Job(job).Answer;

        answer.Sentence.ShouldContain("with nobody to compare it with, since the other candidate has no prediction");
        answer.Sentence.ShouldNotContain("the best");
    }

    [Fact]
    public void A_race_that_ended_with_another_than_the_first_says_so()
    {
        var job = new JobOfCurves { Selection = new SelectionSpec { Mode = SelectionMode.Race } }
            .With("won", TrialState.Succeeded, Line(0.8, 5)).With("first", TrialState.Dropped, Line(0.82, 5));

        var answer = AnswerOf.Job(job, winner: 0).Answer;

        answer.Kind.ShouldBe(AnswerKind.Tie);
        answer.Recommended.ShouldBe(["won", "first"]);
        answer.Sentence.ShouldStartWith("The race ended with `won`");
    }

    [Theory]
    [InlineData("logme")]
    [InlineData("synflow")]
    public void Scores_are_an_order_and_nothing_else(string predictor)
    {
        var job = new JobOfCurves { Selection = new SelectionSpec { Predictor = predictor } }.With("a", TrialState.Succeeded, Line(0.6, 5)).With("b", TrialState.Succeeded, Line(0.9, 5));
        var ranking = Domain.Rankings.Ranker.Rank(job.Spec, job.Trials, job.Observations, scores: [new TrialScore(job.Trials[0].Id, predictor, 1, null), new TrialScore(job.Trials[1].Id, predictor, 2, null)]);

        var answer = JobAnswer.Of(
            new Job { Id = Guid.Empty, State = JobState.Succeeded, Spec = job.Spec, CreatedAt = DateTimeOffset.UnixEpoch, Version = 1 }, JobCourse.Of(job.Spec, job.Trials, job.Observations), ranking);

        answer.Recommended.ShouldBe(["b"]);
        answer.Sentence.ShouldNotContain("%");
        answer.Sentence.ShouldContain("that is an order");
    }

    [Theory]
    [InlineData(JobState.Queued, "No answer yet: no worker has taken the job.")]
    [InlineData(JobState.Running, "No answer yet: 10 of 100 epochs are trained; so far `b` leads with ")]
    [InlineData(JobState.Cancelling, "No answer: the job was cancelled when 10 of 100 epochs were trained; so far `b` leads with ")]
    [InlineData(JobState.Cancelled, "No answer: the job was cancelled when 10 of ")]
    public void A_job_without_its_end_has_no_answer_and_says_what_is_known(JobState state, string start)
    {
        var job = new JobOfCurves { Selection = new SelectionSpec { Mode = SelectionMode.Full } }
            .With("a", TrialState.Running, Line(0.6, 5)).With("b", TrialState.Running, Line(0.9, 5));

        var answer = AnswerOf.Job(job, state).Answer;

        answer.Kind.ShouldBe(AnswerKind.NoAnswer);
        answer.Recommended.ShouldBeEmpty();
        answer.Sentence.ShouldStartWith(start);
    }

    [Fact]
    public void A_job_that_was_cancelled_at_once_counts_no_epochs()
        => AnswerOf.Job(new JobOfCurves().With("a", TrialState.Cancelled).With("b", TrialState.Cancelled), JobState.Cancelled).Answer.Sentence
            .ShouldBe("No answer: the job was cancelled before its first epoch.");

    [Fact]
    public void A_failed_job_gives_the_first_reason_in_one_line()
    {
        var job = new JobOfCurves().With("a`b", TrialState.Failed).With("c", TrialState.Failed);

        AnswerOf.Job(job, JobState.Failed, failure: new Failure("failed", "every trial failed")).Answer.Sentence
            .ShouldBe("No answer: all 2 candidates failed. `a´b` failed: The loss of epoch 2 is not finite; lower the learning rate.");
    }

    [Fact]
    public void A_job_of_which_nobody_can_be_ranked_gives_the_first_reason()
    {
        var job = new JobOfCurves().With("a", TrialState.Succeeded, Line(0.6, 1)).With("b", TrialState.Succeeded, Line(0.6, 1));

        AnswerOf.Job(job).Answer.Sentence.ShouldStartWith("No answer: none of the 2 candidates can be ranked. Of `a`: too few epochs: 1 usable from 1 to 5, 2 needed");
    }

    [Fact]
    public void A_finalization_tells_what_its_model_reaches()
    {
        var job = new JobOfCurves { Epochs = 8, Selection = new SelectionSpec { Mode = SelectionMode.Full } }.With("a", TrialState.Succeeded, Line(0.8, 8)).Tested(3);

        var answer = AnswerOf.Job(job, finalizes: Guid.NewGuid()).Answer;

        answer.Sentence.ShouldMatch(@"^`a` is trained to the end: \d\d\.\d % measured \(test, the last epoch\) after 8 epochs\.$");
        answer.Next.ShouldStartWith("Download the model");
    }

    /// <summary>A line whose points lie to either side of it.</summary>
    private static (double Beta, double Accuracy)[] Jitter(double final, int epochs, double by)
        => [.. Line(final, epochs).Select((point, i) => (point.Beta, point.Accuracy + (i % 2 == 0 ? by : -by)))];
}
