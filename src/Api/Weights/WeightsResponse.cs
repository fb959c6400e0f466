using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Infrastructure.Weights;
using NeuralCapacitance.Worker.Weights;

namespace NeuralCapacitance.Api.Weights;

/// <summary>Files that a candidate can start from.</summary>
/// <param name="Items">Files of people's by path, then what trials saved, the newest first.</param>
/// <param name="More">Why not all are listed; null: they are.</param>
public sealed record WeightsList(IReadOnlyList<WeightsResponse> Items, string? More);

/// <summary>A file of weights.</summary>
public sealed record WeightsResponse
{
    /// <summary>As a candidate's `weights`.</summary>
    /// <example>file:zoo/resnet18.pth</example>
    public required string Weights { get; init; }

    public required long Bytes { get; init; }

    public required DateTimeOffset ModifiedAt { get; init; }

    /// <summary>The trial that saved it; null: somebody put it there.</summary>
    public required WeightsOrigin? SavedBy { get; init; }

    internal static WeightsResponse Of(GivenWeights file) => new() { Weights = NameOf(file.Path), Bytes = file.Bytes, ModifiedAt = file.ModifiedAt, SavedBy = null };

    internal static WeightsResponse Of(SavedWeights saved) => new()
    {
        Weights = NameOf(saved.Path),
        Bytes = saved.Bytes,
        ModifiedAt = saved.ModifiedAt,
        SavedBy = new(saved.JobId, saved.JobName, saved.Candidate, saved.Backbone, saved.Seed),
    };

    private static string NameOf(string path) => CandidateSpec.FilePrefix + path;
}

/// <summary>A trial that has saved its network.</summary>
/// <param name="JobName">The client's label.</param>
/// <param name="Backbone">Whose weights these are.</param>
public sealed record WeightsOrigin(Guid JobId, string? JobName, string Candidate, string Backbone, long Seed);
