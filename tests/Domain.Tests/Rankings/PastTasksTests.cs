using NeuralCapacitance.Domain.Curves;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Rankings;
using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Domain.Tests.Rankings;

public sealed class PastTasksTests
{
    [Fact]
    public void A_finished_job_is_its_succeeded_candidates_with_their_final_accuracies_and_scores()
    {
        var job = new JobOfCurves { Epochs = 6, Selection = new SelectionSpec { Mode = SelectionMode.Full } }
            .With("a", TrialState.Succeeded, JobOfCurves.Line(0.9, 6))
            .With("b", TrialState.Succeeded, JobOfCurves.Line(0.7, 6))
            .With("c", TrialState.Failed, JobOfCurves.Line(0.8, 2))
            .Tested(3);

        var task = PastTasks.OfJob("birds", job.Spec, job.Trials, job.Observations, [new TrialScore(job.Trials[0].Id, "logme", 1.5, null)]).ShouldNotBeNull();

        (task.Name, task.SameDataset, task.Epochs).ShouldBe(("birds", false, 6));
        task.Candidates.Select(c => c.Name).ShouldBe(["a", "b"]);
        task.Candidates[0].FinalAccuracy.ShouldBe(JobOfCurves.Line(0.9, 6)[^1].Accuracy - 0.1, 1e-12);
        task.Candidates[0].Curves.Repeats.ShouldHaveSingleItem().Count.ShouldBe(6);
        task.Candidates[0].Curves.Scores["logme"].Value.ShouldBe(1.5);
    }

    [Fact]
    public void A_job_that_was_not_trained_to_the_end_is_nothing_to_learn_from()
    {
        var job = new JobOfCurves { Epochs = 6 }.With("a", TrialState.Succeeded, JobOfCurves.Line(0.9, 5)).With("b", TrialState.Succeeded, JobOfCurves.Line(0.7, 5));

        PastTasks.OfJob("early", job.Spec, job.Trials, job.Observations, []).ShouldBeNull();
    }

    [Fact]
    public void Recorded_curves_are_a_task_per_run_with_the_mean_test_accuracy()
    {
        var tasks = PastTasks.OfCurves([.. Run("one", "a", 4, 0.5), .. Run("one", "b", 4, 0.6), .. Run("one", "stopped", 3, 0.7), .. Run("two", "a", 4, 0.5)]);

        var task = tasks.ShouldHaveSingleItem("the second run has one model");
        (task.Name, task.Epochs).ShouldBe(("one", 4));
        task.Candidates.Select(c => c.Name).ShouldBe(["a", "b"], "the third stopped early");
        task.Candidates.Select(c => c.Curves.Kind).ShouldBe(["a", "b"]);
        task.Candidates[1].FinalAccuracy.ShouldBe((0.63 + 0.64) / 2 - 0.1, 1e-12);
        task.Candidates[1].Curves.Repeats.ShouldHaveSingleItem().Select(p => p.Epoch).ShouldBe([1, 2, 3, 4]);
    }

    [Fact]
    public void Without_test_accuracies_of_all_models_validation_is_the_truth_of_all()
    {
        var tasks = PastTasks.OfCurves([.. Run("one", "a", 4, 0.5), .. Run("one", "b", 4, 0.6).Select(r => r with { TestAccuracy = null })]);

        tasks.ShouldHaveSingleItem().Candidates.Select(c => Math.Round(c.FinalAccuracy, 9)).ShouldBe([0.54, 0.64]);
    }

    /// <summary>The last two epochs are tested.</summary>
    private static IEnumerable<CurveRow> Run(string run, string model, int epochs, double accuracy) => Enumerable.Range(1, epochs).Select(epoch => new CurveRow(
        run, model, epoch, accuracy + (0.01 * epoch), epoch > epochs - 2 ? accuracy + (0.01 * epoch) - 0.1 : null, null, null, 1.0 / epoch, null, null, 500));
}
