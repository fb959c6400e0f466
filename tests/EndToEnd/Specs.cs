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

    /// <summary>Two trials of a second each.</summary>
    public const string Quick =
        """
        {
          "dataset": { "name": "synthetic", "synthetic": { "classes": 2, "trainImages": 64, "testImages": 16, "seed": 1 } },
          "candidates": ["cnn-small", "vgg-small"],
          "training": { "epochs": 2, "batchSize": 16, "imageSize": 32, "validation": 0.25, "seed": 1 },
          "probe": { "samples": 20 },
          "selection": { "observe": 2, "mode": "full" }
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

    public const int BacklogTrials = 100;

    /// <summary>Many trials, each over within a second.</summary>
    public const string Backlog =
        """
        {
          "dataset": { "name": "synthetic", "synthetic": { "classes": 4, "trainImages": 320, "testImages": 40, "seed": 1 } },
          "candidates": ["cnn-small", "vgg-small"],
          "training": { "epochs": 2, "batchSize": 32, "imageSize": 32, "validation": 0.25, "seed": 1, "repeats": 50 },
          "probe": { "samples": 100 },
          "selection": { "observe": 2, "mode": "full" }
        }
        """;

    /// <summary>Rounds at every epoch from the second on. Nothing ends it before its last epoch, whatever the machine computes.</summary>
    public const string Race =
        """
        {
          "dataset": { "name": "synthetic", "synthetic": { "classes": 4, "trainImages": 320, "testImages": 40, "seed": 1 } },
          "candidates": ["cnn-small", "vgg-small", "resnet8"],
          "training": { "epochs": 8, "batchSize": 32, "imageSize": 32, "validation": 0.25, "seed": 1 },
          "probe": { "samples": 100 },
          "selection": { "observe": 2, "mode": "race", "race": { "dropBelow": 0, "tolerance": 0 } }
        }
        """;

    /// <summary>Nothing ends it before its last epoch, which is far away.</summary>
    public const string EndlessRace =
        """
        {
          "dataset": { "name": "synthetic", "synthetic": { "classes": 4, "trainImages": 320, "testImages": 40, "seed": 1 } },
          "candidates": ["cnn-small", "resnet8"],
          "training": { "epochs": 500, "batchSize": 32, "imageSize": 32, "validation": 0.25, "seed": 1 },
          "probe": { "samples": 100 },
          "selection": { "observe": 2, "mode": "race", "race": { "dropBelow": 0, "tolerance": 0 } }
        }
        """;

    /// <summary>One epoch takes minutes.</summary>
    public const string LongEpochs =
        """
        {
          "dataset": { "name": "synthetic", "synthetic": { "classes": 4, "trainImages": 4000, "testImages": 40, "seed": 1 } },
          "candidates": [{ "backbone": "resnet50", "weights": "random" }, { "backbone": "resnet18", "weights": "random" }],
          "training": { "epochs": 6, "batchSize": 16, "imageSize": 32, "validation": 20, "seed": 1 },
          "probe": { "samples": 20 },
          "selection": { "observe": 3, "mode": "full" }
        }
        """;
}
