using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Api.Predictors;
using NeuralCapacitance.Api.Rankings;
using NeuralCapacitance.Domain.Answers;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Rankings;

namespace NeuralCapacitance.Api.Tests.Rankings;

[Collection(ServiceCollectionDefinition.Name)]
public sealed class RankingEndpointsTests(ServiceFixture service)
{
    [Fact]
    public async Task The_candidate_that_learns_to_more_is_ranked_first_with_its_interval_and_cost()
    {
        var job = await service.PlayedJobAsync();

        var ranking = await service.GetAsync<RankingResponse>(job.Links.Ranking);

        ranking.Predictor.ShouldBe("neural-capacitance");
        ranking.Candidates.Select(candidate => candidate.Rank).ShouldBe([1, 2]);
        var best = ranking.Candidates[0];
        best.Candidate.ShouldBe("resnet8");
        best.IntervalLow!.Value.ShouldBeLessThan(best.PredictedAccuracy!.Value);
        best.IntervalHigh!.Value.ShouldBeGreaterThan(best.PredictedAccuracy!.Value);
        best.ProbabilityBest!.Value.ShouldBeInRange(0.5, 1);
        best.Seconds.ShouldBe(7 * 0.75 + 6 * 1.5, tolerance: 1e-9);
        best.LastSeenAccuracy!.Value.ShouldBeInRange(0.75, 0.8);
        var agreement = ranking.Agreement.ShouldNotBeNull();
        agreement.Spearman.Value!.Value.ShouldBe(1, tolerance: 1e-9);
        agreement.SpearmanInterval.Reason.ShouldNotBeNull("two candidates are too few").ShouldContain("at least 4 pairs");
    }

    [Fact]
    public async Task A_ranking_and_its_ended_job_give_the_same_answer()
    {
        var job = await service.PlayedJobAsync();

        var ranking = await service.GetAsync<RankingResponse>(job.Links.Ranking);

        ranking.Answer.Kind.ShouldBe(AnswerKind.Answered);
        ranking.Answer.Recommended.ShouldBe(["resnet8"]);
        ranking.Answer.Sentence.ShouldStartWith("Fine-tune `resnet8`: 7");
        ranking.Answer.Sentence.ShouldContain($"measured at the end ({ranking.FinalAccuracyMeaning})");
        job.Answer.ShouldNotBeNull().Sentence.ShouldBe(ranking.Answer.Sentence);
    }

    [Fact]
    public async Task A_job_that_has_not_ended_answers_in_its_ranking_only()
    {
        var job = await service.SubmitAsync();

        var ranking = await service.GetAsync<RankingResponse>(job.Links.Ranking);

        (await service.GetAsync<JobResponse>(job.Links.Self)).Answer.ShouldBeNull();
        ranking.Answer.Kind.ShouldBe(AnswerKind.NoAnswer);
        ranking.Answer.Sentence.ShouldBe("No answer yet: no worker has taken the job.");
        (await service.Client.GetStringAsync(job.Links.Ranking)).ShouldContain("\"kind\":\"no-answer\"");
    }

    [Fact]
    public async Task Who_polls_a_job_that_has_ended_does_not_wait_for_other_predictions()
    {
        var job = await service.SubmitAsync(ServiceFixture.Spec(priority: 100, name: "polled while busy"));
        for (var trial = 0; trial < job.Progress.Trials; trial++)
        {
            var claimed = await service.ClaimAsync(job);
            await service.ObserveAsync(claimed, 0, 6);
            await service.Trials.SucceedAsync(claimed.Lease, weightsPath: null, CancellationToken.None);
        }

        var gate = service.Services.GetRequiredService<PredictionGate>();
        List<PredictionPass> others = [];
        while (gate.IsFree) others.Add(await gate.EnterAsync(isQuick: true, default));
        try
        {
            using var busy = await service.Client.GetAsync(job.Links.Self);
            (await busy.Content.ReadFromJsonAsync<JobResponse>(ServiceFixture.Json))!.Answer.ShouldBeNull();
            busy.Headers.ETag.ShouldBeNull("the next look is to bring the answer");
        }
        finally
        {
            others.ForEach(pass => pass.Dispose());
        }

        using var later = await service.Client.GetAsync(job.Links.Self);
        (await later.Content.ReadFromJsonAsync<JobResponse>(ServiceFixture.Json))!.Answer.ShouldNotBeNull();
        later.Headers.ETag.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_race_is_answered_by_its_winner()
    {
        var job = await service.RaceAsync(await service.SubmitAsync(ServiceFixture.Spec(priority: 100, epochs: 12, mode: "race")));

        var answer = job.Answer.ShouldNotBeNull();

        answer.Recommended[0].ShouldBe(job.Race!.Winner);
        (await service.GetAsync<RankingResponse>(job.Links.Ranking)).Answer.Sentence.ShouldBe(answer.Sentence);
    }

    [Fact]
    public async Task Before_any_observation_every_candidate_says_why_it_has_no_rank()
    {
        var job = await service.SubmitAsync();

        var ranking = await service.GetAsync<RankingResponse>(job.Links.Ranking);

        ranking.Candidates.Count.ShouldBe(2);
        ranking.Candidates.ShouldAllBe(candidate => candidate.Rank == null && candidate.Reason != null && candidate.State == CandidateState.Queued);
        ranking.Warnings.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("shared-slope")]
    [InlineData("neural-capacitance-per-candidate")]
    [InlineData("last-seen")]
    [InlineData("best-seen")]
    [InlineData("last-three-mean")]
    public async Task Another_predictor_looks_at_the_same_observations(string predictor)
    {
        var job = await service.PlayedJobAsync();

        var ranking = await service.GetAsync<RankingResponse>($"{job.Links.Ranking}?predictor={predictor}&observe=3&start=2");

        ranking.Predictor.ShouldBe(predictor);
        ranking.Window.Observe.ShouldBe(3);
        ranking.Window.Start.ShouldBe(2);
        ranking.Candidates.SelectMany(candidate => candidate.Epochs).ShouldAllBe(epoch => epoch <= 5, "the window ends there");
    }

    [Theory]
    [InlineData("predictor=last-seen&predictor=logme&predictor=best-seen")]
    [InlineData("predictor=last-seen,logme,best-seen,logme")]
    public async Task Several_predictors_stand_side_by_side_and_the_first_at_the_top(string query)
    {
        var job = await service.PlayedJobAsync();

        var ranking = await service.GetAsync<RankingResponse>($"{job.Links.Ranking}?{query}");

        ranking.Predictor.ShouldBe("last-seen");
        ranking.Predictors.Select(p => (p.Name, p.Unit)).ShouldBe(
            [("last-seen", PredictionUnit.Accuracy), ("logme", PredictionUnit.Score), ("best-seen", PredictionUnit.Accuracy)]);
        ranking.Predictors[0].Candidates.Select(c => (c.Candidate, c.Rank, c.PredictedAccuracy)).ShouldBe(
            ranking.Candidates.Select(c => (c.Candidate, c.Rank, c.PredictedAccuracy)));
        ranking.Predictors[0].Agreement.ShouldBe(ranking.Agreement);
        ranking.Predictors[0].Epochs.ShouldStartWith("epochs 1 to 5: start auto");
        ranking.Predictors[1].Candidates.ShouldAllBe(c => c.Rank == null && c.Reason!.StartsWith("not computed"));
        ranking.Predictors[1].Agreement.ShouldBeNull();
        ranking.Predictors[1].Epochs.ShouldBe("none: scores are measured before training");
    }

    [Fact]
    public async Task All_quick_predictors_answer_and_the_jobs_own_comes_first()
    {
        var job = await service.PlayedJobAsync();

        var ranking = await service.GetAsync<RankingResponse>($"{job.Links.Ranking}?predictor=all");
        var known = await service.GetAsync<PredictorList>("/api/v1/predictors");

        ranking.Predictors.Select(p => p.Name).ShouldBe(PredictorNames.All.Except(["bgrn", "curve-similarity", "domhan"]), "those that take long are asked by name");
        known.Items.Where(p => p.IsQuick).Select(p => (p.Name, p.Unit, p.IntervalMeaning)).ShouldBe(ranking.Predictors.Select(p => (p.Name, p.Unit, p.IntervalMeaning)));
        ranking.Predictors.ShouldAllBe(p => p.Candidates.All(c => c.Rank != null || c.Reason != null));
    }

    [Fact]
    public async Task Scores_that_were_stored_before_training_rank()
    {
        var job = await service.SubmitAsync(ServiceFixture.Spec(priority: 100));
        for (var trial = 0; trial < 2; trial++)
        {
            var claimed = await service.ClaimAsync(job);
            await service.Trials.RecordScoresAsync(claimed.Lease, [new TrialScore(claimed.Trial.Id, "logme", 0.5 + claimed.Trial.CandidateIndex, null)], default);
            await service.Trials.SucceedAsync(claimed.Lease, weightsPath: null, default);
        }

        var ranking = await service.GetAsync<RankingResponse>($"{job.Links.Ranking}?predictor=logme");

        ranking.Unit.ShouldBe(PredictionUnit.Score);
        ranking.Candidates.Select(c => (c.Rank, c.Score, c.PredictedAccuracy)).ShouldBe([(1, 1.5, null), (2, 0.5, null)]);
    }

    [Fact]
    public async Task Unusable_parameters_are_all_named()
    {
        var job = await service.SubmitAsync();
        using var response = await service.Client.GetAsync($"{job.Links.Ranking}?observe=0&start=soon&predictor=oracle");

        var problem = await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-parameter");
        problem.Paths().Order().ShouldBe(["observe", "predictor", "start"]);
    }

    [Fact]
    public async Task A_misspelt_predictor_among_others_is_answered_with_the_nearest_name()
    {
        var job = await service.SubmitAsync();
        using var response = await service.Client.GetAsync($"{job.Links.Ranking}?predictor=best-seen,log-me");

        var problem = await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-parameter");
        problem.GetProperty("errors")[0].GetProperty("problem").GetString().ShouldBe("is unknown; did you mean logme?");
    }

    [Fact]
    public async Task A_ranking_that_cannot_have_changed_is_not_sent_again()
    {
        var job = await service.PlayedJobAsync();
        using var first = await service.Client.GetAsync(job.Links.Ranking);
        using var request = new HttpRequestMessage(HttpMethod.Get, job.Links.Ranking);
        request.Headers.IfNoneMatch.Add(first.Headers.ETag.ShouldNotBeNull());

        using var second = await service.Client.SendAsync(request);

        second.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        (await second.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
        first.Headers.ETag.ShouldBe(second.Headers.ETag);
        EntityTagHeaderValue.Any.ShouldNotBe(first.Headers.ETag);
    }

    [Fact]
    public async Task A_ranking_is_sent_again_when_another_job_has_become_history()
    {
        var job = await service.PlayedJobAsync();
        using var first = await service.Client.GetAsync(job.Links.Ranking);
        await service.PlayedJobAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, job.Links.Ranking);
        request.Headers.IfNoneMatch.Add(first.Headers.ETag.ShouldNotBeNull());

        using var second = await service.Client.SendAsync(request);

        second.StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
