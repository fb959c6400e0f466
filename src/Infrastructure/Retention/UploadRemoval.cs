using NeuralCapacitance.Infrastructure.Uploads;

namespace NeuralCapacitance.Infrastructure.Retention;

/// <param name="Users">Jobs that have not ended and train on it: it stays.</param>
/// <param name="IsRemoved">False too where somebody else was quicker.</param>
public sealed record UploadRemovalOutcome(IReadOnlyList<Guid> Users, bool IsRemoved);

/// <summary>Removes an uploaded data set, unless a job needs it or is just coming to.</summary>
public sealed class UploadRemoval
{
    private readonly DatasetUploads _uploads;
    private readonly ActiveNeeds _needs;
    private readonly RemovalGate _gate;

    internal UploadRemoval(DatasetUploads uploads, ActiveNeeds needs, RemovalGate gate)
    {
        _uploads = uploads;
        _needs = needs;
        _gate = gate;
    }

    public async Task<UploadRemovalOutcome> RemoveAsync(UploadedDataset upload, CancellationToken cancellationToken)
    {
        string? hidden;
        await using (await _gate.CloseAsync(cancellationToken))
        {
            var users = await _needs.UsersOfAsync(upload, cancellationToken);
            if (users.Count > 0) return new(users, IsRemoved: false);
            hidden = _uploads.Hide(upload.Name);
        }
        if (hidden is null) return new([], IsRemoved: false);
        // Many files take long, and what was begun is better ended, whether or not somebody still waits.
        await Task.Run(() => Directory.Delete(hidden, recursive: true), CancellationToken.None);
        return new([], IsRemoved: true);
    }
}
