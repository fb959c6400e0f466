namespace NeuralCapacitance.Domain.Tests;

/// <summary>Finds files of the repository, and the data that may lie beside it.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string SharedData(string file) => Path.Combine(Root, "..", "shared", "data", file);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "NeuralCapacitance.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException($"No NeuralCapacitance.sln above {AppContext.BaseDirectory}.");
    }
}

/// <summary>A test of data beside the repository: skipped, with the reason, where there is none.</summary>
internal sealed class SharedDataFactAttribute : FactAttribute
{
    public SharedDataFactAttribute(string file)
    {
        if (!File.Exists(Repository.SharedData(file))) Skip = $"../shared/data/{file} is absent";
    }
}
