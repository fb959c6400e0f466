using System.Diagnostics;
using NeuralCapacitance.Infrastructure.Artifacts;
using NeuralCapacitance.Worker.Datasets;
using NeuralCapacitance.Worker.Training;

namespace NeuralCapacitance.Worker.TorchScript;

/// <summary>
/// What one trial of a user's own model works in: where the trial expects the folders of checkpoints and weights it has its own, and what it writes there the worker
/// moves to the real ones, unread.
/// </summary>
internal sealed class TrialSandbox : IDisposable
{
    private readonly ArtifactStore artifacts;
    private readonly TrialPlan plan;
    private readonly ScratchFolder scratch;

    /// <summary>While it is open nobody evicts the file.</summary>
    private readonly FileStream images;

    /// <exception cref="IOException">A file has gone, or the disk is full.</exception>
    public TrialSandbox(ArtifactStore artifacts, TrialPlan plan, PreparedDataset data, string model)
    {
        this.artifacts = artifacts;
        this.plan = plan;
        images = new(data.File, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        try
        {
            scratch = ScratchFolder.Create(artifacts);
            scratch.Folder("tmp");
            var checkpoints = scratch.Folder("checkpoints");
            if (artifacts.FindCheckpoint(plan.TrialId) is { } last) File.Copy(last, Path.Combine(checkpoints, Path.GetFileName(last)));
            var writable = new Dictionary<string, string>(StringComparer.Ordinal) { [checkpoints] = Path.GetDirectoryName(artifacts.CheckpointPath(plan.TrialId, plan.Attempt))! };
            if (plan.WeightsPath is { } weights) writable[scratch.Folder("weights")] = Path.GetDirectoryName(weights)!;
            Places = new(scratch.Path, artifacts.Places, writable, [data.File, model]);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public SandboxPlaces Places { get; }

    /// <summary>Brings the last checkpoint into its place. Called before its observation is stored.</summary>
    public void KeepCheckpoint()
    {
        var place = artifacts.CheckpointPath(plan.TrialId, plan.Attempt);
        var written = Path.Combine(scratch.Path, "checkpoints", Path.GetFileName(place));
        // A trial that resumes first repeats what its last checkpoint told.
        if (!File.Exists(written)) return;
        artifacts.TakeOver(written, place);
        artifacts.DeleteCheckpoints(plan.TrialId, plan.Attempt);
    }

    /// <summary>Brings what the trial was to save into its place.</summary>
    public void KeepWeights()
    {
        if (plan.WeightsPath is { } place) artifacts.TakeOver(Path.Combine(scratch.Path, "weights", Path.GetFileName(place)), place);
    }

    public void Dispose()
    {
        images.Dispose();
        scratch?.Dispose();
    }
}
