namespace NeuralCapacitance.Benchmarks.Training;

/// <summary>A backbone, the images that it is trained on, and the steps of a round: about a second on two cores, so that caches and allocators are warm for most of it.</summary>
internal sealed record TrainingCase(string Backbone, int ImageSize, int BatchSize, int Steps)
{
    public static IReadOnlyList<TrainingCase> All { get; } =
    [
        new("resnet18", 32, 64, 12),
        new("resnet50", 64, 16, 6),
        new("densenet121", 64, 16, 8),
        new("vgg16", 32, 16, 3),
        new("mobilenetv2", 32, 64, 20),
        new("inceptionv3", 96, 16, 6),
        new("vgg-small", 32, 64, 50),
    ];

    /// <summary>Families that PyTorch is not compared on.</summary>
    public static IReadOnlyList<TrainingCase> OfOtherFamilies { get; } =
    [
        new("resnet8", 32, 64, 10),
        new("resnet20", 32, 64, 5),
        new("alexnet", 64, 32, 2),
        new("cnn-wide", 32, 64, 10),
        new("mobilenet", 64, 32, 3),
        new("mobilenet-small", 32, 64, 10),
        new("densenet-small", 32, 64, 5),
        new("resnet50v2", 64, 16, 2),
        new("xception", 96, 16, 1),
        new("inceptionresnetv2", 96, 8, 1),
        new(NasBenchCell, 32, 64, 3),
    ];

    private const string NasBenchCell = "nasbench201:|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_3x3~2|";
}
