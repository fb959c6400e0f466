using Xunit.Abstractions;

[assembly: TestCollectionOrderer("NeuralCapacitance.EndToEnd.LongestFirst", "NeuralCapacitance.EndToEnd")]

namespace NeuralCapacitance.EndToEnd;

/// <summary>Classes that take a minute or more begin first, so that at the end nobody waits for one of them.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Longest =
        [nameof(Deployment.PublishTests), nameof(Recovery.WorkerLossTests), nameof(Recovery.DatabaseLossTests), nameof(Recovery.SlotLossTests), nameof(Recovery.RaceTests)];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) => testCollections.OrderBy(PlaceOf);

    /// <summary>A class without a collection of its own is one, and named after it.</summary>
    private static int PlaceOf(ITestCollection collection)
        => Array.FindIndex(Longest, name => collection.DisplayName.EndsWith($".{name}", StringComparison.Ordinal)) is var at and >= 0 ? at : Longest.Length;
}
