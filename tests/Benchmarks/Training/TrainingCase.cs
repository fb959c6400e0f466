namespace NeuralCapacitance.Benchmarks.Training;

/// <summary>A backbone, the images that it is trained on, and the steps of a round: some seconds on one core.</summary>
internal sealed record TrainingCase(string Backbone, int ImageSize, int BatchSize, int Steps)
{
    public static IReadOnlyList<TrainingCase> All { get; } =
    [
        new("resnet18", 32, 64, 6),
        new("resnet50", 64, 16, 3),
        new("densenet121", 64, 16, 3),
        new("vgg16", 32, 16, 2),
        new("mobilenetv2", 32, 64, 6),
        new("inceptionv3", 96, 16, 2),
        new("vgg-small", 32, 64, 20),
    ];
}
