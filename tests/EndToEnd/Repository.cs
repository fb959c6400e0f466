namespace NeuralCapacitance.EndToEnd;

/// <summary>The working copy that these tests were built from, and the programs built in it.</summary>
internal static class Repository
{
    private const string Solution = "NeuralCapacitance.sln";

    private static readonly DirectoryInfo Output = new(AppContext.BaseDirectory);

    public static string Root { get; } = FindRoot();

    /// <summary>Absolute path of a file or folder given relative to the root.</summary>
    public static string PathOf(string relative) => Path.Combine(Root, relative);

    public static string Read(string relative) => File.ReadAllText(PathOf(relative));

    /// <summary>The program of <c>src/PROJECT</c>, built in the same configuration as these tests.</summary>
    public static string Program(string project)
    {
        var (framework, configuration) = (Output.Name, Output.Parent!.Name);
        var program = PathOf($"src/{project}/bin/{configuration}/{framework}/NeuralCapacitance.{project}.dll");
        return File.Exists(program) ? program : throw new FileNotFoundException($"{program} is not built; scripts/build does it.");
    }

    private static string FindRoot()
    {
        for (var folder = Output; folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Solution))) return folder.FullName;
        }
        throw new DirectoryNotFoundException($"No {Solution} above {Output.FullName}.");
    }
}
