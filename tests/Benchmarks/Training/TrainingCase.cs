namespace NeuralCapacitance.Benchmarks.Training;

/// <summary>A backbone, the images that it is trained on, and the steps of a round: some seconds on one core.</summary>
internal sealed record TrainingCase(string Backbone, int ImageSize, int BatchSize, int Steps)
{
    public static IReadOnlyList<TrainingCase> All { get; } =
    [
        new("resnet18", 32, 64, 4),
        new("resnet50", 64, 16, 2),
        new("densenet121", 64, 16, 2),
        new("vgg16", 32, 16, 1),
        new("mobilenetv2", 32, 64, 4),
        new("inceptionv3", 96, 16, 1),
        new("vgg-small", 32, 64, 10),
    ];
}
