using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Rankings;
using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Domain.Tests.Predictors;

/// <summary>What nobody waits for any more ends within an iteration.</summary>
public sealed class CancellationTests
{
    private static readonly CancellationToken Cancelled = new(canceled: true);

    [Theory]
    [InlineData(PredictorNames.NeuralCapacitance)]
    [InlineData(PredictorNames.NeuralCapacitanceHistory)]
    [InlineData(PredictorNames.NeuralCapacitancePerCandidate)]
    [InlineData(PredictorNames.SharedSlope)]
    [InlineData(PredictorNames.Bgrn)]
    [InlineData(PredictorNames.CurveSimilarity)]
    [InlineData(PredictorNames.Domhan)]
    public void A_predictor_ends(string name)
    {
        PastTask[] tasks = [.. "abcd".Select((task, i) => OfKinds(Finished.Task($"{task}", 12, seed: i)))];
        var input = new PredictionInput { Candidates = [.. tasks[0].Candidates.Select(c => c.Curves)], Window = new Window(6, null), Epochs = 12, History = tasks[1..] };
        PredictorCatalogue.Get(name).Predict(input).Candidates.ShouldContain(c => c.Value != null, "there is something to compute");

        Should.Throw<OperationCanceledException>(() => PredictorCatalogue.Get(name).Predict(input, Cancelled));
    }

    [Fact]
    public void Walkers_stop_within_a_step()
    {
        using var source = new CancellationTokenSource();
        var asked = 0;
        double[][] walkers = [.. Enumerable.Range(0, 10).Select(i => (double[])[i])];

        Should.Throw<OperationCanceledException>(() => EnsembleSampler.Run(LogDensity, walkers, new SamplingPlan(Steps: 1_000, BurnIn: 0, Thin: 1), seed: 1, source.Token));
        asked.ShouldBe(30, "the start, the step in which it was cancelled, and no other");

        double LogDensity(ReadOnlySpan<double> at)
        {
            if (++asked == 25) source.Cancel();
            return 0;
        }
    }

    [Fact]
    public void A_regression_stops_within_a_step()
    {
        double[][] rows = [.. Enumerable.Range(0, 20).Select(i => (double[])[i])];
        var kernel = GaussianKernel.Of(GaussianKernel.SquaredDistances(rows), 1);

        Should.Throw<OperationCanceledException>(() => NuSvrDual.Solve(kernel, [.. rows.Select(row => row[0])], c: 1, nu: 0.5, tolerance: 1e-9, steps: 1_000, Cancelled));
    }

    [Fact]
    public void The_record_on_past_tasks_is_not_gone_through_to_the_end()
    {
        PastTask[] tasks = [Finished.Task("a", 9, seed: 1), Finished.Task("b", 9, seed: 2)];

        Should.Throw<OperationCanceledException>(() => TrackRecord.Rhos(PredictorCatalogue.Get(PredictorNames.LastSeen), new Window(4, null), tasks, [], Cancelled));
    }

    private static PastTask OfKinds(PastTask task) => task with { Candidates = [.. task.Candidates.Select((c, i) => c with { Curves = c.Curves with { Kind = $"kind{i}" } })] };
}
