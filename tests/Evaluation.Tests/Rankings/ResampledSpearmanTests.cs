using NeuralCapacitance.Domain.Statistics;
using NeuralCapacitance.Evaluation.Rankings;

namespace NeuralCapacitance.Evaluation.Tests.Rankings;

public sealed class ResampledSpearmanTests
{
    [Fact]
    public void A_sample_counted_several_times_is_the_sample_written_out()
    {
        var random = new Random(5);
        for (int round = 0; round < 200; round++)
        {
            double[] x = [.. Enumerable.Range(0, 9).Select(_ => (double)random.Next(6))]; // with ties
            double[] y = [.. Enumerable.Range(0, 9).Select(_ => (double)random.Next(6))];
            int[] times = [.. Enumerable.Range(0, 9).Select(_ => random.Next(3))];
            if (times.Count(n => n > 0) < 3) continue;

            double rho = new ResampledSpearman(x, y).Of(times);

            double? expected = RankCorrelation.Spearman(WrittenOut(x, times), WrittenOut(y, times)).Value;
            rho.ShouldBe(expected ?? double.NaN, 1e-12);
        }
    }

    [Fact]
    public void Fewer_than_three_pairs_say_nothing()
        => new ResampledSpearman([1, 2, 3], [1, 2, 3]).Of([2, 1, 0]).ShouldBe(double.NaN);

    private static double[] WrittenOut(double[] values, int[] times) => [.. values.SelectMany((value, i) => Enumerable.Repeat(value, times[i]))];
}
