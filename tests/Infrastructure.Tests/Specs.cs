using Microsoft.Extensions.DependencyInjection;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Jobs;
using NeuralCapacitance.Infrastructure.Trials;
using Npgsql;

namespace NeuralCapacitance.Infrastructure.Tests;

internal static class Specs
{
    public static JobSpec Of(int candidates, int repeats = 1, int priority = 0) => new()
    {
        Dataset = new() { Name = "synthetic", Synthetic = new() },
        Candidates = [.. Enumerable.Range(0, candidates).Select(i => new CandidateSpec { Name = $"candidate-{i}", Backbone = "resnet8" })],
        Training = new() { Epochs = 5, Repeats = repeats },
        Priority = priority,
    };

    public static async Task<Job> SubmitAsync(this JobStore jobs, int candidates, int repeats = 1, int priority = 0)
        => (await jobs.CreateAsync(Of(candidates, repeats, priority), "{}", null, default)).Job;

    /// <summary>The next trial, held by an owner of its own.</summary>
    public static Task<ClaimedTrial?> ClaimAsync(this TrialStore trials, string? owner = null)
        => trials.ClaimNextAsync(owner ?? Guid.NewGuid().ToString(), Guid.NewGuid().ToString(), "cpu", default);

    /// <summary>Gives up on the worker that holds the lease, and lets another have the trial.</summary>
    public static async Task<ClaimedTrial?> TakeOverAsync(this TrialStore trials, Lease lease, string owner = "heir", string device = "cpu")
    {
        await trials.ReleaseAsync(lease, default);
        return await trials.ClaimNextAsync(owner, Guid.NewGuid().ToString(), device, default);
    }

    /// <summary>Cancels a queued job while one of its trials is locked by a claim, which is then rolled back.</summary>
    public static async Task CancelWhileClaimedAsync(this ServiceNode node, Guid jobId)
    {
        await using var connection = await node.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync();
        await using var claim = await connection.BeginTransactionAsync();
        await using (var take = new NpgsqlCommand("SELECT id FROM trials WHERE job_id = $1 LIMIT 1 FOR UPDATE", connection, claim) { Parameters = { new() { Value = jobId } } })
            await take.ExecuteScalarAsync();
        await node.Jobs.CancelAsync(jobId, default);
        await claim.RollbackAsync();
    }

    public static Observation Epoch(this Lease lease, int epoch, double accuracy = 0.5) => new()
    {
        TrialId = lease.TrialId,
        Epoch = epoch,
        BetaEff = 1.0 / (1 + epoch),
        ValidationAccuracy = accuracy,
        ValidationLoss = 0.7,
        ValidationCount = 100,
    };
}
