using Xunit.Abstractions;

namespace NeuralCapacitance.EndToEnd;

/// <summary>Collections that take long begin first, so that at the end nobody waits for one of them.</summary>
/// <param name="longest">Names of classes or collections, the longest first.</param>
public abstract class LongestFirst(params string[] longest) : ITestCollectionOrderer
{
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) => testCollections.OrderBy(PlaceOf);

    /// <summary>A class without a collection of its own is one, and named after it.</summary>
    private int PlaceOf(ITestCollection collection)
        => Array.FindIndex(longest, name => collection.DisplayName == name || collection.DisplayName.EndsWith($".{name}", StringComparison.Ordinal)) is var at and >= 0 ? at : longest.Length;
}
