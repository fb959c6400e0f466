using NeuralCapacitance.Domain.Predictors;

namespace NeuralCapacitance.Infrastructure.History;

/// <summary>Which finished jobs a ranking may learn from, without their curves: cheap enough for every request.</summary>
/// <param name="Jobs">Newest first, with their versions.</param>
/// <param name="Fingerprint">Changes when these or the imported files do; the same on every node.</param>
public sealed record PastJobList(IReadOnlyList<(Guid Id, long Version)> Jobs, string Fingerprint);

/// <param name="DatasetHash">Of the images and labels that it was trained on.</param>
/// <param name="Points">Observations behind the task.</param>
internal sealed record PastJob(PastTask Task, string? DatasetHash, int Points);

/// <summary>What a job's ranking may learn from.</summary>
/// <param name="Jobs">Of this installation, newest first.</param>
/// <param name="Imported">Curves from elsewhere.</param>
public sealed record RankingHistory(IReadOnlyList<PastTask> Jobs, IReadOnlyList<PastTask> Imported)
{
    /// <summary>Those of the same data set first.</summary>
    public IReadOnlyList<PastTask> All { get; } = [.. Jobs.OrderByDescending(task => task.SameDataset), .. Imported];
}
