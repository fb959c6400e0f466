namespace NeuralCapacitance.Domain.Jobs;

/// <summary>Narrows what faults offer to what the rest of the spec leaves.</summary>
internal sealed class SpecOffers(SpecFaults faults)
{
    /// <summary>Changes nothing where no number is left: then something else has to change.</summary>
    /// <param name="before">What else is accepted, before the numbers.</param>
    /// <param name="after">What else is accepted, after them.</param>
    public void Whole(string path, int min, int max, string before = "", string after = "")
    {
        if (min <= max) Replace(path, $"{before}a whole number from {min} to {max}{after}");
    }

    public void Replace(string path, string accepted)
    {
        for (var i = 0; i < faults.Count; i++)
        {
            if (string.Equals(faults[i].Path, path, StringComparison.Ordinal)) faults[i] = faults[i] with { Accepted = accepted };
        }
    }
}
