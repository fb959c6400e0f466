namespace NeuralCapacitance.EndToEnd;

/// <summary>Job specs on generated images.</summary>
internal static class Specs
{
    /// <summary>Two trials, one after the other on one worker; the first takes some seconds on one core, so that it can be caught in its middle.</summary>
    public const string Small =
        """
        {
          "dataset": { "name": "synthetic", "synthetic": { "classes": 4, "trainImages": 640, "testImages": 40, "seed": 1 } },
          "candidates": ["resnet8", "cnn-small"],
          "training": { "epochs": 6, "batchSize": 32, "imageSize": 32, "validation": 0.25, "seed": 1 },
          "probe": { "samples": 100 },
          "selection": { "observe": 3, "mode": "full" }
        }
        """;

    /// <summary>Four equal trials: enough for two workers to share.</summary>
    public const string Shared =
        """
        {
          "dataset": { "name": "synthetic", "synthetic": { "classes": 4, "trainImages": 640, "testImages": 40, "seed": 1 } },
          "candidates": ["cnn-small", "resnet8"],
          "training": { "epochs": 4, "batchSize": 32, "imageSize": 32, "validation": 0.25, "seed": 1, "repeats": 2 },
          "probe": { "samples": 100 },
          "selection": { "observe": 3, "mode": "full" }
        }
        """;

    /// <summary>One epoch takes minutes.</summary>
    public const string LongEpochs =
        """
        {
          "dataset": { "name": "synthetic", "synthetic": { "classes": 4, "trainImages": 4000, "testImages": 40, "seed": 1 } },
          "candidates": ["resnet50", "resnet18"],
          "training": { "epochs": 6, "batchSize": 16, "imageSize": 32, "validation": 20, "seed": 1 },
          "probe": { "samples": 20 },
          "selection": { "observe": 3, "mode": "full" }
        }
        """;
}
