namespace NeuralCapacitance.Domain.Tests;

/// <summary>Finds files of the repository.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "NeuralCapacitance.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException($"No NeuralCapacitance.sln above {AppContext.BaseDirectory}.");
    }
}
