namespace NeuralCapacitance.Worker.Tests.Weights;

/// <summary>A theory over files that lie beside the repository; skipped where they do not.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SharedCaseTheoryAttribute : TheoryAttribute
{
    public SharedCaseTheoryAttribute()
    {
        if (!File.Exists(PathOf("README.md"))) Skip = "../shared/cases is absent";
    }

    /// <param name="relative">With slashes.</param>
    public static string PathOf(string relative) => Path.Combine(Repository.PathOf(".."), "shared", "cases", relative);
}
