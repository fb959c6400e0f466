using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Races;

namespace NeuralCapacitance.Domain.Tests.Jobs;

/// <summary>Acceptable specs.</summary>
internal static class SpecGen
{
    public static Gen<JobSpec> Specs { get; } =
        from dataset in Gen.OneOf(
            from exif in Gen.Elements(ExifOrientation.Ignore, ExifOrientation.Apply)
            select new DatasetSpec { Name = "image-folder", Path = "birds", Classes = ["class0", "Ünïcode \"quoted\" 🐦"], Exif = exif },
            from classes in Gen.Choose(2, 10)
            from seed in Gen.Choose(0, int.MaxValue)
            select new DatasetSpec { Name = "synthetic", Synthetic = new SyntheticSpec { Classes = classes, TrainImages = 1_000, Seed = seed } })
        from names in Gen.NonEmptyListOf(Gen.Elements("resnet18", "resnet50", "vgg16"))
        from training in Training
        from hidden in Gen.ArrayOf(Gen.Choose(1, 8_192), 3)
        from observe in Gen.Choose(2, training.Epochs)
        from start in Gen.Elements<int?>(null, 0, training.Epochs - observe)
        from mode in Gen.Elements(SelectionMode.Early, SelectionMode.Full, SelectionMode.Race)
        from predictor in Gen.Elements<string>(mode == SelectionMode.Race ? RaceSpec.Predictors : PredictorNames.All)
        from dropBelow in Gen.Choose(0, 500)
        from confidence in Gen.Choose(1, 999)
        from scores in Gen.Elements(true, false)
        from priority in Gen.Choose(-100, 100)
        select new JobSpec
        {
            Dataset = dataset,
            Candidates = [.. names.Append("vgg16").Select((name, i) => new CandidateSpec { Name = $"c{i}", Backbone = name })],
            Training = training,
            Probe = new ProbeSpec { Hidden = hidden },
            Selection = new SelectionSpec { Observe = observe, Start = start, Mode = mode, Predictor = predictor, Confidence = confidence / 1_000.0, Scores = scores, Race = mode == SelectionMode.Race ? new RaceSpec { DropBelow = dropBelow / 1_000.0 } : null },
            Priority = priority,
            Name = priority > 0 ? "a <name> & more" : null,
        };

    private static Gen<TrainingSpec> Training =>
        from epochs in Gen.Choose(2, 10_000)
        from batch in Gen.Choose(2, 100)
        from rate in Gen.Choose(1, 1_000_000)
        from optimizer in Gen.Elements("sgd", "adam", "adamw")
        from validation in Gen.Elements<double?>(null, 0.1, 0.25, 1, 400)
        from limit in Gen.Elements<int?>(null, 100, 550)
        select new TrainingSpec
        {
            Epochs = epochs, BatchSize = batch, LearningRate = rate / 1e6, Optimizer = optimizer, Validation = validation, TrainLimit = limit,
        };
}

/// <summary>JSON that looks like a spec here and there.</summary>
internal static class JsonGen
{
    public static Gen<string> Documents { get; } = Gen.Sized(size => Value(Math.Min(size, 6))).Select(v => JsonSerializer.Serialize(v));

    private static readonly string[] Words =
    [
        "dataset", "candidates", "training", "probe", "selection", "name", "path", "classes", "synthetic", "backbone", "weights", "hidden",
        "epochs", "observe", "start", "validation", "random", "file:", "image-folder", "birds", "resnet50", "", "x",
    ];

    private static Gen<object?> Value(int depth)
    {
        var leaf = Gen.OneOf(
            Gen.Constant<object?>(null),
            Gen.Elements<object?>(true, false, 0, -1, 1, 2.5, 1e300, long.MaxValue, 0.3),
            Gen.Elements(Words).Select(w => (object?)w));
        if (depth == 0) return leaf;
        return Gen.OneOf(
            leaf,
            Gen.ListOf(Value(depth - 1), 3).Select(items => (object?)items.ToList()),
            from keys in Gen.ArrayOf(Gen.Elements(Words), 5)
            from values in Gen.ArrayOf(Value(depth - 1), 5)
            select (object?)keys.Zip(values).DistinctBy(f => f.First).ToDictionary(f => f.First, f => f.Second));
    }
}
