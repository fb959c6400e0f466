using System.Text.Json;

namespace NeuralCapacitance.Domain.Jobs;

/// <summary>A list of a spec. How long it is costs nothing to ask; its elements are gone through one after the other, and no further than there is room for faults.</summary>
/// <param name="Path">Of the list.</param>
internal sealed record SpecList(string Path, JsonElement Element, SpecFaults Faults)
{
    public int Count => Element.GetArrayLength();

    /// <summary>With the path of each, <c>candidates[2]</c>.</summary>
    public IEnumerable<(string Path, JsonElement Element)> Items()
        => Element.EnumerateArray().TakeWhile(_ => !Faults.IsFull).Select((element, i) => ($"{Path}[{i}]", element));
}
