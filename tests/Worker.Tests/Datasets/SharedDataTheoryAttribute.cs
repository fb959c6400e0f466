namespace NeuralCapacitance.Worker.Tests.Datasets;

/// <summary>As <see cref="SharedDataFactAttribute"/>, for a test that needs several files.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SharedDataTheoryAttribute : TheoryAttribute
{
    public SharedDataTheoryAttribute(params string[] files)
    {
        if (Array.Find(files, file => !Path.Exists(SharedDataFactAttribute.PathOf(file))) is { } absent) Skip = $"../shared/data/{absent} is absent";
    }
}
