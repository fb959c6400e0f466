namespace NeuralCapacitance.Domain.Backbones;

/// <summary>Where <c>file:PATH</c> and <c>imagenet</c> weights are found.</summary>
public interface IWeightsStore
{
    /// <summary>Turns the path of <c>file:PATH</c> weights into an absolute one inside the configured roots.</summary>
    /// <exception cref="ArgumentException">The path leaves the roots or does not exist; the message names the roots.</exception>
    /// <exception cref="IOException">The path leads through links in a circle.</exception>
    string ResolveWeights(string relativePath);

    /// <summary>Whether a file of their name is there; it may be another one, which <see cref="WhyUnavailable"/> finds out.</summary>
    bool IsCached(PublishedWeights weights);

    /// <summary>
    /// Why a job could not have each of the weights: neither cached, whole and as published, nor to be had. Null, in the same place, where it could. May
    /// take some seconds: all servers are asked at once, and a file that has not been looked at since it changed is read whole.
    /// </summary>
    IReadOnlyList<string?> WhyUnavailable(IReadOnlyList<PublishedWeights> weights);
}
