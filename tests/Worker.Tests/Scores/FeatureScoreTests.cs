using System.Text.Json;
using NeuralCapacitance.Worker.Scores;
using NeuralCapacitance.Worker.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Tests.Scores;

/// <summary>Scores of frozen features, against the published code's numbers and against other ways to compute them (tools/goldens_scores.py).</summary>
public sealed class FeatureScoreTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public static TheoryData<int> Cases() => [.. Enumerable.Range(0, Transfer.GetArrayLength())];

    private static JsonElement Transfer => Golden.Read("scores.json").GetProperty("transfer");

    /// <summary>The authors' fixed point, with all D directions counted; without them the last one would be 4.2303.</summary>
    [Theory]
    [InlineData(12, 4, 3, -0.6393792804963394)]
    [InlineData(40, 8, 4, 0.6705795222058493)]
    [InlineData(6, 10, 2, -0.9508011676887451)]
    [InlineData(8, 32, 3, -0.5023232308877144)]
    public void LogME_is_that_of_its_authors(int images, int width, int classes, double expected)
        => LogMe.Of(Waves(images, width, classes)).ShouldBe(expected, 1e-9);

    [Theory]
    [InlineData(12, 4, 3, 1.853542605594076, 0.6705691423923485)]
    [InlineData(40, 8, 4, 2.999999999999897, 2.378134540706635)]
    public void H_scores_are_those_of_the_transfer_learning_library(int images, int width, int classes, double plain, double regularized)
    {
        HScore.Plain(Waves(images, width, classes)).ShouldBe(plain, 1e-9);
        HScore.Regularized(Waves(images, width, classes)).ShouldBe(regularized, 1e-9);
    }

    [Theory]
    [InlineData(12, 4, 3, -1.014608606066192, -0.7803552045207032)]
    [InlineData(40, 8, 4, -1.3181688451896618, -0.690969017200568)]
    public void LEEP_and_NCE_are_those_of_the_transfer_learning_library(int images, int width, int classes, double leep, double nce)
    {
        var features = Waves(images, width, classes);
        var theta = features.Values.softmax(1);

        SourceHeadScores.Leep(features, theta).ShouldBe(leep, 1e-12);
        SourceHeadScores.Nce(features, theta).ShouldBe(nce, 1e-12);
    }

    [Theory, MemberData(nameof(Cases))]
    public void Scores_agree_with_other_ways_to_compute_them(int index)
    {
        var golden = Transfer[index];
        var features = Read(golden);
        using var head = new SourceHead(Matrix(golden.GetProperty("headWeight")), tensor(golden.GetProperty("headBias").Numbers()));
        var theta = SourceHeadScores.Probabilities(features.Values, head);

        // The fixed point stops at a relative change of 1e-3, a little before the maximum.
        LogMe.Of(features).ShouldBe(golden.GetProperty("logme").GetDouble(), 1e-3);
        HScore.Regularized(features).ShouldBe(golden.GetProperty("hRegularized").GetDouble(), 1e-9);
        SourceHeadScores.Leep(features, theta).ShouldBe(golden.GetProperty("leep").GetDouble(), 1e-10);
        SourceHeadScores.Nce(features, theta).ShouldBe(golden.GetProperty("nce").GetDouble(), 1e-10);
        if (golden.GetProperty("h").ValueKind == JsonValueKind.Number)
            HScore.Plain(features).ShouldBe(golden.GetProperty("h").GetDouble(), 1e-9);
        else
            Should.Throw<NoScoreException>(() => HScore.Plain(features)).Message.ShouldContain("do not determine the covariance");
    }

    [Theory, MemberData(nameof(Cases))]
    public void Neither_rotation_nor_order_matters(int index)
    {
        var features = Read(Transfer[index]);
        var (_, rotation) = linalg.eigh(Symmetric(features.Width));
        var rotated = new LabelledFeatures(features.Values.mm(rotation), [.. features.Labels], features.Classes);
        int[] order = [.. Enumerable.Range(0, features.Images).Select(i => i * 7 % features.Images).Distinct()];
        var whole = order.Length == features.Images ? order : [.. Enumerable.Range(0, features.Images).Reverse()];
        var reordered = new LabelledFeatures(
            features.Values.index_select(0, tensor(whole.Select(i => (long)i).ToArray())), [.. whole.Select(i => features.Labels[i])], features.Classes);

        foreach (var score in new Func<LabelledFeatures, double>[] { LogMe.Of, HScore.Regularized })
        {
            score(rotated).ShouldBe(score(features), 1e-9);
            score(reordered).ShouldBe(score(features), 1e-9);
        }
    }

    [Fact]
    public void The_H_score_never_exceeds_the_number_of_classes_less_one()
    {
        foreach (var (images, width, classes) in new[] { (20, 3, 2), (50, 12, 4), (60, 40, 7), (90, 8, 10) })
        {
            var score = HScore.Plain(Waves(images, width, classes));
            score.ShouldBeInRange(0, Math.Min(classes - 1, width) + 1e-9);
        }
    }

    [Fact]
    public void Dead_and_repeated_features_change_no_H_score()
    {
        var features = Read(Transfer[0]);
        var padded = new LabelledFeatures(
            cat([features.Values, zeros(features.Images, 3, ScalarType.Float64), features.Values.narrow(1, 0, 1) * 2], 1), [.. features.Labels], features.Classes);

        HScore.Plain(padded).ShouldBe(HScore.Plain(features), 1e-9);
    }

    [Fact]
    public void A_source_class_without_probability_is_left_out()
    {
        var features = Waves(12, 4, 3);
        var theta = features.Values.softmax(1);
        var padded = cat([theta, zeros(12, 2, ScalarType.Float64)], 1);

        SourceHeadScores.Leep(features, padded).ShouldBe(SourceHeadScores.Leep(features, theta), 1e-12);
        SourceHeadScores.Nce(features, padded).ShouldBe(SourceHeadScores.Nce(features, theta), 1e-12);
    }

    [Fact]
    public void A_source_head_that_knows_the_classes_has_no_entropy_left()
    {
        var features = Waves(12, 4, 3);
        var theta = features.OneHot();

        SourceHeadScores.Leep(features, theta).ShouldBe(0, 1e-12);
        SourceHeadScores.Nce(features, theta).ShouldBe(0, 1e-12);
        SourceHeadScores.Nce(features, full(12, 5, 0.2, ScalarType.Float64)).ShouldBe(-Math.Log(3), 1e-12);
    }

    [Fact]
    public void A_class_without_images_and_a_feature_that_is_not_finite_are_reasons()
    {
        var gap = new LabelledFeatures(Waves(12, 4, 3).Values, [.. Enumerable.Range(0, 12).Select(i => i % 2)], 3);
        var broken = Waves(12, 4, 3).Values.clone();
        broken[5, 2] = tensor(double.NaN);
        var infinite = new LabelledFeatures(broken, [.. Enumerable.Range(0, 12).Select(i => i % 3)], 3);
        var dead = new LabelledFeatures(zeros(12, 4, ScalarType.Float64), [.. Enumerable.Range(0, 12).Select(i => i % 3)], 3);
        Func<LabelledFeatures, double>[] all =
        [
            LogMe.Of, HScore.Plain, HScore.Regularized, f => LinearProbe.Of(f, CancellationToken.None),
            f => SourceHeadScores.Leep(f, full(12, 5, 0.2, ScalarType.Float64)), f => SourceHeadScores.Nce(f, full(12, 5, 0.2, ScalarType.Float64)),
        ];

        foreach (var score in all)
        {
            Should.Throw<NoScoreException>(() => score(gap)).Message.ShouldStartWith("1 of 3 classes have no image among the 12");
            Should.Throw<NoScoreException>(() => score(infinite)).Message.ShouldContain("not finite");
        }
        foreach (var score in all[..3]) Should.Throw<NoScoreException>(() => score(dead)).Message.ShouldBe("every feature is zero on these images");
    }

    public void Dispose() => scope.Dispose();

    /// <summary>sin(1.7i + 0.9j) + 0.1·(ij mod 5) + 0.5·[i ≡ j mod C], and class i mod C.</summary>
    private static LabelledFeatures Waves(int images, int width, int classes)
    {
        var values = new double[images, width];
        for (var i = 0; i < images; i++)
        {
            for (var j = 0; j < width; j++)
                values[i, j] = Math.Sin((1.7 * i) + (0.9 * j)) + (0.1 * (i * j % 5)) + (i % classes == j % classes ? 0.5 : 0);
        }
        return new LabelledFeatures(tensor(values), [.. Enumerable.Range(0, images).Select(i => i % classes)], classes);
    }

    private static Tensor Symmetric(int width)
    {
        var values = new double[width, width];
        for (var i = 0; i < width; i++)
        {
            for (var j = 0; j < width; j++) values[i, j] = Math.Cos((i * j) + i + j);
        }
        return tensor(values);
    }

    private static LabelledFeatures Read(JsonElement golden) => new(
        Matrix(golden.GetProperty("features")), [.. golden.GetProperty("labels").Numbers().Select(x => (int)x)], golden.GetProperty("classes").GetInt32());

    private static Tensor Matrix(JsonElement rows) => tensor(rows.Numbers(), rows.GetArrayLength(), rows[0].GetArrayLength());
}
