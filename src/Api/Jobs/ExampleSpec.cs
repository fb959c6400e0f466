namespace NeuralCapacitance.Api.Jobs;

/// <summary><c>examples/quickstart.json</c>, which travels inside the assembly.</summary>
internal static class ExampleSpec
{
    public static string Text { get; } = Read();

    private static string Read()
    {
        using var stream = typeof(ExampleSpec).Assembly.GetManifestResourceStream("quickstart.json")
            ?? throw new InvalidOperationException("The assembly was built without examples/quickstart.json.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
