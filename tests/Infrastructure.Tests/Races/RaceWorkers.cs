using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Races;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Trials;

namespace NeuralCapacitance.Infrastructure.Tests.Races;

/// <summary>Workers that claim, "train" curves which are a function of candidate and epoch, and pause, as fast as they can.</summary>
internal static class RaceWorkers
{
    public static async Task<Job> SubmitRaceAsync(this ServiceNode node, int candidates = 5, int repeats = 1, int epochs = 12, int observe = 3, double tolerance = 0)
    {
        var spec = Specs.Of(candidates) with
        {
            Training = new() { Epochs = epochs, Repeats = repeats },
            Selection = new() { Observe = observe, Mode = SelectionMode.Race, Race = new() { Tolerance = tolerance } },
        };
        return (await node.Jobs.CreateAsync(spec, "{}", null, default)).Job;
    }

    /// <summary>Several at a time, until the job has ended.</summary>
    public static async Task RunAsync(this ServiceNode node, Guid job, int workers)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        await Task.WhenAll(Enumerable.Range(0, workers).Select(seed => Task.Run(() => WorkAsync(node, job, new Random(seed), patience.Token), patience.Token)));
    }

    /// <summary>Trains what the claim asks for and stops before the pause.</summary>
    public static async Task TrainAsync(this ServiceNode node, ClaimedTrial claimed)
    {
        for (var epoch = claimed.Trial.EpochsDone == 0 ? 0 : claimed.Trial.EpochsDone + 1; epoch <= claimed.Trial.EpochsTarget; epoch++)
            await node.Trials.RecordAsync(claimed.Lease, Observe(claimed.Trial, epoch), default);
    }

    /// <summary>Claims one trial, trains it and pauses it. Null: none waits.</summary>
    public static async Task<ClaimedTrial?> StepAsync(this ServiceNode node)
    {
        if (await node.Trials.ClaimAsync() is not { } claimed) return null;
        await node.TrainAsync(claimed);
        await node.Trials.PauseAsync(claimed.Lease, null, default);
        return claimed;
    }

    /// <summary>Better ones first: 0.9, 0.8, …; the first two are close.</summary>
    public static Observation Observe(Trial trial, int epoch)
    {
        double[] finals = [0.9, 0.89, 0.7, 0.5, 0.3];
        var final = finals[trial.CandidateIndex % finals.Length];
        var jitter = 0.004 * Math.Sin((7 * epoch) + (3 * trial.CandidateIndex) + (11 * trial.Repeat));
        return new Observation
        {
            TrialId = trial.Id,
            Epoch = epoch,
            BetaEff = (1.2 - final) / (1 + epoch),
            ValidationAccuracy = Math.Clamp((final * (1 - Math.Exp(-0.6 * (epoch + 0.1)))) + jitter, 0, 1),
            ValidationLoss = 1,
            ValidationCount = 2_000,
            TrainSeconds = 2 + trial.CandidateIndex,
        };
    }

    /// <summary>What was decided, without promotions, which depend on who had time.</summary>
    public static async Task<IReadOnlyList<string>> OutcomeAsync(this ServiceNode node, Guid job)
        => [.. (await node.DecisionsAsync(job)).Where(d => d.Action != RaceAction.Promoted).Select(d => (d with { Id = 0, CreatedAt = default }).ToString())];

    public static Task<IReadOnlyList<RaceDecision>> DecisionsAsync(this ServiceNode node, Guid job) => node.Races.DecisionsAsync(job, 0, int.MaxValue, default);

    private static async Task WorkAsync(ServiceNode node, Guid job, Random random, CancellationToken cancellationToken)
    {
        while (!(await node.Jobs.FindAsync(job, cancellationToken))!.State.IsFinal)
        {
            try
            {
                if (await node.Trials.ClaimAsync() is { } claimed)
                {
                    await Task.Delay(random.Next(0, 15), cancellationToken);
                    await node.TrainAsync(claimed);
                    await node.Trials.PauseAsync(claimed.Lease, null, cancellationToken);
                    continue;
                }
            }
            catch (LeaseLostException)
            {
                // A decision has ended the trial while it ran ahead.
            }
            await Task.Delay(5, cancellationToken);
        }
    }
}
