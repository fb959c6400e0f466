namespace NeuralCapacitance.Worker.Tests;

/// <summary>The checkout that the tests run in.</summary>
internal static class Repository
{
    /// <summary>A script in tools/.</summary>
    public static string Tool(string name) => PathOf($"tools/{name}");

    /// <param name="relative">With slashes.</param>
    public static string PathOf(string relative)
    {
        for (var parent = new DirectoryInfo(AppContext.BaseDirectory); parent is not null; parent = parent.Parent)
        {
            if (File.Exists(Path.Combine(parent.FullName, "NeuralCapacitance.sln")))
                return Path.Combine(parent.FullName, relative);
        }

        throw new DirectoryNotFoundException("the tests do not run inside the repository");
    }
}
