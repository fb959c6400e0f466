using System.Text.Json;
using NeuralCapacitance.Worker.Scores;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Tests.Scores;

public sealed class LinearProbeTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Logistic_regression_is_that_of_scikit_learn(int index)
    {
        var golden = Golden.Read("scores.json").GetProperty("regression")[index];
        var features = new LabelledFeatures(
            Matrix(golden.GetProperty("features")), [.. golden.GetProperty("labels").Numbers().Select(x => (int)x)], golden.GetProperty("classes").GetInt32());

        using var regression = LogisticRegression.Fit(features.Values, features.OneHot(), CancellationToken.None, tolerance: 1e-9, steps: 2_000);

        // Intercepts are only fixed up to a constant; both start from zero, which keeps their sum there.
        regression.Weights.Numbers().ShouldBeNear(golden.GetProperty("coefficients").Numbers(), 1e-6);
        regression.Intercepts.Numbers().ShouldBeNear(golden.GetProperty("intercepts").Numbers(), 1e-6);
        regression.Probabilities(Matrix(golden.GetProperty("unseen"))).Numbers().ShouldBeNear(golden.GetProperty("probabilities").Numbers(), 1e-6);

        using var standard = LogisticRegression.Fit(features.Values, features.OneHot(), CancellationToken.None);
        standard.Probabilities(Matrix(golden.GetProperty("unseen"))).Numbers().ShouldBeNear(golden.GetProperty("probabilities").Numbers(), 1e-3);
    }

    [Fact]
    public void Classes_that_a_line_separates_are_told_apart_and_random_ones_are_not()
    {
        int[] labels = [.. Enumerable.Range(0, 200).Select(i => i % 4)];
        var draw = new Random(3);
        double[,] separate = new double[200, 6], noise = new double[200, 6];
        for (var i = 0; i < 200; i++)
        {
            for (var j = 0; j < 6; j++)
            {
                noise[i, j] = draw.NextDouble();
                separate[i, j] = (5 * (labels[i] == j ? 1 : 0)) + noise[i, j];
            }
            separate[i, 5] = 1;
        }

        LinearProbe.Of(new LabelledFeatures(tensor(separate), labels, 4), CancellationToken.None).ShouldBe(1);
        LinearProbe.Of(new LabelledFeatures(tensor(noise), labels, 4), CancellationToken.None).ShouldBeLessThan(0.6);
    }

    /// <summary>The 4th and the 8th image of each class carry another class's feature: only they are judged, so nothing is right.</summary>
    [Fact]
    public void Every_fourth_image_of_a_class_is_judged_and_the_others_are_fitted()
    {
        int[] labels = [.. Enumerable.Range(0, 16).Select(i => i % 2)];
        var values = new double[16, 2];
        for (var i = 0; i < 16; i++) values[i, (i / 2) % 4 == 3 ? 1 - labels[i] : labels[i]] = 1;

        LinearProbe.Of(new LabelledFeatures(tensor(values), labels, 2), CancellationToken.None).ShouldBe(0);
    }

    [Fact]
    public void Too_few_images_to_set_one_aside_are_a_reason()
        => Should.Throw<NoScoreException>(() => LinearProbe.Of(new LabelledFeatures(ones(6, 2, ScalarType.Float64), [0, 0, 0, 1, 1, 1], 2), CancellationToken.None))
            .Message.ShouldStartWith("no class has 4 images");

    /// <summary>Features of a network hang together, are more than the images, and tell the classes apart fully: the least is far from where the search begins.</summary>
    [Theory]
    [InlineData(60, 8, 3)]
    [InlineData(200, 512, 10)]
    [InlineData(400, 64, 2)]
    public void The_minimum_is_found_on_features_that_hang_together(int images, int width, int classes)
    {
        using var generator = new Generator(1);
        int[] labels = [.. Enumerable.Range(0, images).Select(i => i % classes)];
        var hidden = randn([images, 6], generator: generator, dtype: ScalarType.Float64);
        for (var i = 0; i < images; i++) hidden[i, labels[i] % 6].add_(4);
        var raw = hidden.mm(randn([6, width], generator: generator, dtype: ScalarType.Float64)) + (0.05 * randn([images, width], generator: generator, dtype: ScalarType.Float64));
        var features = new LabelledFeatures((raw - raw.mean([0])) / raw.std([0]), labels, classes);
        var oneHot = features.OneHot();

        using var regression = LogisticRegression.Fit(features.Values, oneHot, CancellationToken.None, steps: 2_000);

        // Where the gradient of Σ −ln p + ½‖W‖² is zero.
        var error = regression.Probabilities(features.Values) - oneHot;
        (features.Values.t().mm(error) + regression.Weights).abs().max().item<double>().ShouldBeLessThanOrEqualTo(LogisticRegression.StandardTolerance);
        error.sum([0]).abs().max().item<double>().ShouldBeLessThanOrEqualTo(LogisticRegression.StandardTolerance);
    }

    public void Dispose() => scope.Dispose();

    private static Tensor Matrix(JsonElement rows) => tensor(rows.Numbers(), rows.GetArrayLength(), rows[0].GetArrayLength());
}
