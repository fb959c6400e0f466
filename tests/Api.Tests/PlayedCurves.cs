using System.Text.Json;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Api.Tests;

/// <summary>Jobs in mode `early` whose curves are given, so that their answer is known.</summary>
internal static class PlayedCurves
{
    public const int Observe = 5;

    private const string Backbone = "cnn-small";

    /// <summary>Two that only more epochs tell apart, and three that are far behind; the fourth is the next best of these.</summary>
    public static readonly (string Candidate, double Final, double Jitter)[] Tie = [("a", 0.80, 0.01), ("last", 0.42, 0), ("b", 0.812, -0.01), ("next", 0.55, 0), ("third", 0.5, 0)];

    public static readonly (string Candidate, double Final, double Jitter)[] Clear = [("worse", 0.6, 0), ("better", 0.9, 0)];

    public static string Spec(string name, IEnumerable<string> candidates) => JsonSerializer.Serialize(new
    {
        name,
        priority = 100,
        dataset = new { name = "synthetic", synthetic = new { classes = 4, trainImages = 400, testImages = 100 } },
        candidates = candidates.Select(candidate => new { backbone = Backbone, name = candidate }),
        training = new { epochs = 100, validation = 0.25 },
        selection = new { observe = Observe },
    });

    /// <summary>A job that has ended.</summary>
    public static async Task<JobResponse> PlayAsync(this ServiceFixture service, string name, params (string Candidate, double Final, double Jitter)[] curves)
    {
        var job = await service.SubmitAsync(Spec(name, curves.Select(curve => curve.Candidate)));
        foreach (var _ in curves) await service.PlayNextAsync(job, curves);
        return await service.GetAsync<JobResponse>(job.Links.Self);
    }

    /// <summary>The job's next trial, to its end.</summary>
    public static async Task PlayNextAsync(this ServiceFixture service, JobResponse job, params (string Candidate, double Final, double Jitter)[] curves)
    {
        var claimed = await service.ClaimAsync(job);
        var (_, final, jitter) = curves[claimed.Trial.CandidateIndex];
        for (var epoch = 1; epoch <= Observe; epoch++)
        {
            var beta = 0.9 / Math.Sqrt(epoch);
            await service.Trials.RecordAsync(
                claimed.Lease,
                new Observation
                {
                    TrialId = claimed.Trial.Id, Epoch = epoch, BetaEff = beta, ValidationAccuracy = final - (0.4 * beta) + (epoch % 2 == 1 ? jitter : -jitter),
                    ValidationLoss = 1, ValidationCount = 40_000, TrainSeconds = 1,
                },
                CancellationToken.None);
        }

        await service.Trials.SucceedAsync(claimed.Lease, weightsPath: null, CancellationToken.None);
    }
}
