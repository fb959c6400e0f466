using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Api.Access;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Api.Rankings;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Rankings;
using NeuralCapacitance.Infrastructure.History;
using NeuralCapacitance.Infrastructure.Jobs;
using NeuralCapacitance.Infrastructure.Races;

namespace NeuralCapacitance.Api.Tests.Rankings;

[Collection(ServiceCollectionDefinition.Name)]
public sealed class RankingReaderTests
{
    private readonly ServiceFixture _service;
    private readonly RankingReader _reader;
    private int _predictions;

    public RankingReaderTests(ServiceFixture service)
    {
        _service = service;
        _reader = ReaderAfter(Task.CompletedTask);
    }

    [Fact]
    public async Task A_second_look_does_not_predict_again()
    {
        var job = await _service.PlayedJobAsync();

        var first = await RankAsync(job, "last-seen", "best-seen");
        var second = await RankAsync(job, "best-seen", "last-seen");

        _predictions.ShouldBe(2);
        second.Predictors.Select(p => p.Name).ShouldBe(["best-seen", "last-seen"]);
        second.Predictors[0].Candidates.Select(c => (c.Candidate, c.PredictedAccuracy)).ShouldBe(first.Predictors[1].Candidates.Select(c => (c.Candidate, c.PredictedAccuracy)));
    }

    [Fact]
    public async Task A_new_observation_is_predicted_from_anew()
    {
        var job = await _service.SubmitAsync(ServiceFixture.Spec(priority: 100));
        var claimed = await _service.ClaimAsync(job);
        await _service.ObserveAsync(claimed, 0, 3);
        var before = await RankAsync(job, "last-seen");

        await _service.ObserveAsync(claimed, 4, 4);
        var after = await RankAsync(job, "last-seen");
        await RankAsync(job, "last-seen");
        await _service.Services.GetRequiredService<JobStore>().CancelAsync(job.Id, default);
        await _service.Trials.ReleaseAsync(claimed.Lease, default);

        _predictions.ShouldBe(2);
        after.Candidates[0].PredictedAccuracy!.Value.ShouldBeGreaterThan(before.Candidates[0].PredictedAccuracy!.Value);
    }

    [Fact]
    public async Task Another_window_is_another_ranking()
    {
        var job = await _service.PlayedJobAsync();

        await RankAsync(job, spec => spec with { Observe = 3 });
        await RankAsync(job, spec => spec with { Observe = 3, Start = 0 });
        await RankAsync(job, spec => spec with { Observe = 3 });

        _predictions.ShouldBe(2);
    }

    [Fact]
    public async Task A_job_that_has_become_history_is_learned_from()
    {
        var job = await _service.PlayedJobAsync();
        await RankAsync(job, "last-seen");

        await _service.PlayedJobAsync();
        await RankAsync(job, "last-seen");

        _predictions.ShouldBe(2);
    }

    [Fact]
    public async Task Many_who_ask_at_once_share_one_prediction()
    {
        var job = await _service.PlayedJobAsync();
        var gate = new TaskCompletionSource();
        var reader = ReaderAfter(gate.Task);
        var asked = Enumerable.Range(0, 6).Select(_ => RankAsync(reader, job, spec => spec)).ToList();

        gate.SetResult();
        await Task.WhenAll(asked);

        _predictions.ShouldBe(1);
    }

    [Fact]
    public async Task A_trivial_predictor_that_did_better_on_earlier_jobs_is_named()
    {
        for (var earlier = 0; earlier < 3; earlier++) await PlayAsync(["resnet8", "cnn-small", "vgg-small"]);
        var job = await PlayAsync(["resnet8", "cnn-small", "vgg-small"]);

        var ranking = await RankAsync(job, "logme", "last-seen");

        ranking.Predictors[0].Warnings.ShouldContain(
            warning => warning.StartsWith("last-seen did better than logme on ", StringComparison.Ordinal) && warning.Contains("mean ρ 1.000 against -1.000", StringComparison.Ordinal));
        ranking.Predictors[1].Warnings.ShouldNotContain(warning => warning.Contains("did better", StringComparison.Ordinal));
    }

    /// <summary>Of several candidates, of which the first one ends best and logme says the opposite.</summary>
    private async Task<JobResponse> PlayAsync(string[] candidates)
    {
        var spec = $$"""
            {
              "name": "earlier", "priority": 100, "dataset": { "name": "synthetic" }, "candidates": ["{{string.Join("\", \"", candidates)}}"],
              "training": { "epochs": 6 }, "selection": { "observe": 4, "mode": "full" }
            }
            """;
        var job = await _service.SubmitAsync(spec);
        foreach (var _ in candidates)
        {
            var claimed = await _service.ClaimAsync(job);
            await _service.Trials.RecordScoresAsync(claimed.Lease, [new(claimed.Trial.Id, "logme", claimed.Trial.CandidateIndex, null)], default);
            await _service.ObserveAsync(claimed, 0, 6);
            await _service.Trials.SucceedAsync(claimed.Lease, weightsPath: null, default);
        }

        return await _service.GetAsync<JobResponse>(job.Links.Self);
    }

    private RankingReader ReaderAfter(Task gate) => new(
        _service.Trials,
        _service.Services.GetRequiredService<PastJobStore>(),
        (basis, selection, history) =>
        {
            Interlocked.Increment(ref _predictions);
            gate.Wait();
            return Ranker.Rank(basis, selection, history);
        },
        Options.Create(new AccessOptions()),
        _service.Services.GetRequiredService<RaceStore>());

    private Task<RankingResponse> RankAsync(JobResponse job, params string[] predictors)
        => RankAsync(_reader, job, [.. predictors.Select(predictor => (Func<SelectionSpec, SelectionSpec>)(spec => spec with { Predictor = predictor }))]);

    private Task<RankingResponse> RankAsync(JobResponse job, Func<SelectionSpec, SelectionSpec> selection) => RankAsync(_reader, job, selection);

    private async Task<RankingResponse> RankAsync(RankingReader reader, JobResponse response, params Func<SelectionSpec, SelectionSpec>[] selections)
    {
        var job = (await _service.Services.GetRequiredService<JobStore>().FindAsync(response.Id, default)).ShouldNotBeNull();
        return await reader.RankAsync(job, [.. selections.Select(selection => selection(job.Spec.Selection))], await reader.PastAsync(job, default), default);
    }
}
