namespace NeuralCapacitance.Domain.Backbones;

/// <summary>Where <c>file:PATH</c> weights are found.</summary>
public interface IWeightsStore
{
    /// <summary>Turns the path of <c>file:PATH</c> weights into an absolute one inside the configured roots.</summary>
    /// <exception cref="ArgumentException">The path leaves the roots or does not exist; the message names the roots.</exception>
    /// <exception cref="IOException">The path leads through links in a circle.</exception>
    string ResolveWeights(string relativePath);
}
