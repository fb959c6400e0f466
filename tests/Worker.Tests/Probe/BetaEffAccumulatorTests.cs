using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Probe;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Tests.Probe;

[Collection(OwnGenerator.Name)]
public sealed class BetaEffAccumulatorTests
{
    private const double Tolerance = 1e-12;

    public static TheoryData<string> Names => [.. BetaCase.All.Select(c => c.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Closed_form_equals_the_matrix_that_autograd_builds(string name)
    {
        var @case = BetaCase.Named(name);

        var actual = @case.Measure([All(@case)]);

        Numbers(actual).ShouldBeNear(Numbers(@case.Expected), Tolerance);
    }

    [Theory, MemberData(nameof(Names))]
    public void Explicit_matrix_is_the_jacobian_of_the_gradient(string name)
    {
        var @case = BetaCase.Named(name);

        var p = ExplicitAdjacency.Of(@case.Layers, @case.Features[0], @case.Labels[0]);

        p.Cast<double>().ToArray().ShouldBeNear(@case.FirstAdjacency, Tolerance);
    }

    [Theory, MemberData(nameof(Names))]
    public void Closed_form_equals_the_explicit_matrix(string name)
    {
        var @case = BetaCase.Named(name);
        var matrices = All(@case).Select(n => ExplicitAdjacency.Of(@case.Layers, @case.Features[n], @case.Labels[n])).ToArray();

        var actual = @case.Measure([All(@case)]);

        actual.Absolute.ShouldBe(ExplicitAdjacency.BetaEff(ExplicitAdjacency.Mean(matrices, p => p)), Tolerance);
        actual.Squared.ShouldBe(ExplicitAdjacency.BetaEff(ExplicitAdjacency.Mean(matrices, p => p * p)), Tolerance);
        actual.PerSample.ShouldBe(matrices.Average(ExplicitAdjacency.BetaEff), Tolerance);
    }

    [Theory, MemberData(nameof(Names))]
    public void Batch_size_and_order_do_not_matter(string name)
    {
        var @case = BetaCase.Named(name);
        var expected = Numbers(@case.Measure([All(@case)]));

        Numbers(@case.Measure(All(@case).Chunk(1))).ShouldBeNear(expected, Tolerance);
        Numbers(@case.Measure(All(@case).Reverse().Chunk(4))).ShouldBeNear(expected, Tolerance);
    }

    [Fact]
    public void Signed_reading_of_three_dense_layers_without_batch_norm_is_zero()
    {
        var @case = BetaCase.Named("two hidden layers without batch norm");

        var actual = @case.Measure([All(@case)]);

        Math.Abs(actual.Signed).ShouldBeLessThan(1e-15);
        actual.Absolute.ShouldBeGreaterThan(0.1);
    }

    [Theory, MemberData(nameof(Names))]
    public void Falls_to_zero_as_the_targets_are_fitted(string name)
    {
        var @case = BetaCase.Named(name);
        var values = new[] { 0.0, 5.0, 20.0, 80.0 }.Select(margin => FittedBy(@case, margin).Absolute).ToArray();

        values.ShouldBe(values.OrderDescending());
        values[^1].ShouldBeLessThan(1e-12);
    }

    [Fact]
    public void Probe_and_its_folded_layers_agree()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        using var probe = new NeuralCapacitanceProbe(6, new ProbeSpec { Hidden = [5, 4], Dropout = 0.4 }, classes: 3);
        for (var step = 0; step < 20; step++)
            probe.call(randn(16, 6) * 2 + 1);
        probe.eval();
        var features = randn(10, 6);
        var labels = randint(3, [10]);

        var layers = FoldedLayer.Of(probe);
        var chain = GradientChain.Of(layers, features.to(ScalarType.Float64), labels);

        var expected = (nn.functional.softmax(probe.call(features), 1) - nn.functional.one_hot(labels, 3)).Numbers();
        chain.Folded[^1].Error.Numbers().ShouldBeNear(expected, 1e-5);
    }

    [Fact]
    public void Features_that_are_not_finite_are_divergence()
    {
        using var scope = NewDisposeScope();
        using var probe = new NeuralCapacitanceProbe(4, new ProbeSpec { Hidden = [3, 3] }, classes: 2);
        using var accumulator = new BetaEffAccumulator(probe);

        var thrown = Should.Throw<DivergedException>(() =>
            accumulator.Add(tensor(new[] { 0f, 1f, float.NaN, 2f }, [1, 4]), tensor(new[] { 0L })));

        thrown.Message.ShouldContain("not finite");
    }

    [Fact]
    public void Running_statistics_that_are_not_finite_are_divergence()
    {
        using var scope = NewDisposeScope();
        using var probe = new NeuralCapacitanceProbe(4, new ProbeSpec { Hidden = [3, 3] }, classes: 2);
        probe.call(full([4, 4], float.PositiveInfinity));
        using var accumulator = new BetaEffAccumulator(probe);
        accumulator.Add(ones(1, 4), tensor(new[] { 0L }));

        Should.Throw<DivergedException>(() => accumulator.Result());
    }

    [Fact]
    public void No_samples_have_no_value()
    {
        using var probe = new NeuralCapacitanceProbe(4, new ProbeSpec { Hidden = [3, 3] }, classes: 2);
        using var accumulator = new BetaEffAccumulator(probe);

        Should.Throw<InvalidOperationException>(() => accumulator.Result());
        Should.Throw<ArgumentException>(() => accumulator.Add(ones(2, 4), tensor(new[] { 0L }))).Message.ShouldContain("[2×4] and [1]");
    }

    [Fact]
    public void Sums_survive_the_callers_dispose_scopes()
    {
        manual_seed(4);
        using var probe = new NeuralCapacitanceProbe(5, new ProbeSpec { Hidden = [4, 3] }, classes: 3);
        using var features = randn(6, 5);
        using var labels = randint(3, [6]);
        using var unscoped = new BetaEffAccumulator(probe);
        unscoped.Add(features, labels);
        unscoped.Add(features, labels);

        BetaEffAccumulator scoped;
        using (NewDisposeScope())
            scoped = new BetaEffAccumulator(probe);
        for (var batch = 0; batch < 2; batch++)
        {
            using var scope = NewDisposeScope();
            scoped.Add(features, labels);
        }

        scoped.Result().ShouldBe(unscoped.Result());
        scoped.Dispose();
    }

    private static int[] All(BetaCase @case) => [.. Enumerable.Range(0, @case.Labels.Length)];

    private static double[] Numbers(BetaEffValues values) => [values.Absolute, values.Squared, values.PerSample, values.Signed];

    /// <summary>Every sample labelled with one class whose bias is raised, so that the network grows certain and right.</summary>
    private static BetaEffValues FittedBy(BetaCase @case, double margin)
    {
        var last = @case.Layers[^1];
        var certain = @case with
        {
            Layers = [.. @case.Layers.SkipLast(1), last with { Bias = [last.Bias[0] + margin, .. last.Bias[1..]] }],
            Labels = [.. @case.Labels.Select(_ => 0L)],
        };
        return certain.Measure([All(certain)]);
    }
}
