using NeuralCapacitance.Evaluation.Rankings;

namespace NeuralCapacitance.Evaluation.Tests;

/// <summary>Curves of the repository, and those that may lie beside it.</summary>
internal static class RecordedCurves
{
    private static readonly string Root = FindRoot();

    /// <summary>Six runs of 15 small backbones that an independent implementation recorded.</summary>
    public static FileInfo Open { get; } = new(Path.Combine(Root, "..", "shared", "data", "curves-open.csv"));

    /// <summary>Our own: two repeats of ten small backbones.</summary>
    public static FileInfo Transfer { get; } = new(Path.Combine(Root, "docs", "experiments", "cifar10-transfer", "curves.csv"));

    public static IReadOnlyList<EvaluationTask> Tasks(params FileInfo[] files) => EvaluationTask.Read(files);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "NeuralCapacitance.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException($"No NeuralCapacitance.sln above {AppContext.BaseDirectory}.");
    }
}

/// <summary>A test of the curves beside the repository: skipped, with the reason, where there are none.</summary>
internal sealed class OpenCurvesFactAttribute : FactAttribute
{
    public OpenCurvesFactAttribute()
    {
        if (!RecordedCurves.Open.Exists) Skip = "../shared/data/curves-open.csv is absent";
    }
}
