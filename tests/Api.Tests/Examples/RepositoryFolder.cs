namespace NeuralCapacitance.Api.Tests.Examples;

/// <summary>Where this repository lies.</summary>
internal static class RepositoryFolder
{
    private static readonly string Root = Find();

    public static string PathOf(string relative) => Path.Combine(Root, relative);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "NeuralCapacitance.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException($"No NeuralCapacitance.sln above {AppContext.BaseDirectory}.");
    }
}
