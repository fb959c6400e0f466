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
using NeuralCapacitance.Infrastructure.Rankings;

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
    public async Task What_nobody_waits_for_any_more_is_neither_computed_on_nor_begun()
    {
        var job = await _service.PlayedJobAsync();
        var begun = new TaskCompletionSource();
        var haveGone = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        var reader = Reader(
            (_, _, _, _, abandoned) =>
            {
                begun.TrySetResult();
                haveGone.Task.Wait(CancellationToken.None);
                if (abandoned.IsCancellationRequested) ended.TrySetResult();
                throw new OperationCanceledException(abandoned);
            },
            new RankingOptions { Predictions = 1 });
        using var impatience = new CancellationTokenSource();

        var asked = Enumerable.Range(2, 5).Select(observe => RankAsync(reader, job, impatience.Token, spec => spec with { Observe = observe })).ToList();
        await begun.Task;
        await impatience.CancelAsync();
        foreach (var one in asked) await Should.ThrowAsync<OperationCanceledException>(one);
        haveGone.SetResult();

        await ended.Task.WaitAsync(TimeSpan.FromMinutes(1));
        _predictions.ShouldBe(1, "the others were waiting for their turn");
    }

    [Fact]
    public async Task Predictions_beyond_those_that_may_wait_are_refused_and_the_others_made_one_after_the_other()
    {
        var job = await _service.PlayedJobAsync();
        var gate = new TaskCompletionSource();
        var (now, most) = (0, 0);
        var reader = Reader(
            (basis, selection, history, threads, abandoned) =>
            {
                most = Math.Max(most, Interlocked.Increment(ref now));
                gate.Task.Wait(abandoned);
                Interlocked.Decrement(ref now);
                return Ranker.Rank(basis, selection, history, threads, abandoned);
            },
            new RankingOptions { Predictions = 1, MaxWaiting = 2 });

        var asked = Enumerable.Range(2, 5).Select(observe => RankAsync(reader, job, spec => spec with { Observe = observe })).ToList();
        // What is refused is refused while the others still wait.
        for (var refused = 0; refused < 2; refused++)
        {
            var first = await Task.WhenAny(asked);
            asked.Remove(first);
            await Should.ThrowAsync<PredictionsBusyException>(first);
        }

        gate.SetResult();
        await Task.WhenAll(asked);
        (most, _predictions).ShouldBe((1, 3));
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

    private RankingReader ReaderAfter(Task gate) => Reader((basis, selection, history, threads, cancellationToken) =>
    {
        gate.Wait(cancellationToken);
        return Ranker.Rank(basis, selection, history, threads, cancellationToken);
    });

    private RankingReader Reader(RankCandidates rank, RankingOptions? options = null) => new(
        _service.Trials,
        _service.Services.GetRequiredService<PastJobStore>(),
        new PredictionGate(Options.Create(options ?? new RankingOptions())),
        (basis, selection, history, threads, cancellationToken) =>
        {
            Interlocked.Increment(ref _predictions);
            return rank(basis, selection, history, threads, cancellationToken);
        },
        Options.Create(new AccessOptions()),
        _service.Services.GetRequiredService<RaceStore>());

    private Task<RankingResponse> RankAsync(JobResponse job, params string[] predictors)
        => RankAsync(_reader, job, [.. predictors.Select(predictor => (Func<SelectionSpec, SelectionSpec>)(spec => spec with { Predictor = predictor }))]);

    private Task<RankingResponse> RankAsync(JobResponse job, Func<SelectionSpec, SelectionSpec> selection) => RankAsync(_reader, job, selection);

    private Task<RankingResponse> RankAsync(RankingReader reader, JobResponse response, params Func<SelectionSpec, SelectionSpec>[] selections)
        => RankAsync(reader, response, default, selections);

    private async Task<RankingResponse> RankAsync(RankingReader reader, JobResponse response, CancellationToken cancellationToken, params Func<SelectionSpec, SelectionSpec>[] selections)
    {
        var job = (await _service.Services.GetRequiredService<JobStore>().FindAsync(response.Id, default)).ShouldNotBeNull();
        return await reader.RankAsync(job, [.. selections.Select(selection => selection(job.Spec.Selection))], await reader.PastAsync(job, default), cancellationToken);
    }
}
