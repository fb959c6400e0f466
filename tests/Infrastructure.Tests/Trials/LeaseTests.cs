using Microsoft.Extensions.DependencyInjection;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Trials;
using Npgsql;

namespace NeuralCapacitance.Infrastructure.Tests.Trials;

public sealed class LeaseTests : IAsyncLifetime
{
    private ServiceNode _node = null!;
    private ClaimedTrial _claimed = null!;

    private Lease Lease => _claimed.Lease;

    public async Task InitializeAsync()
    {
        _node = await ServiceNode.StartAsync(await PostgresFixture.NewDatabaseAsync());
        await _node.Jobs.SubmitAsync(candidates: 2);
        _claimed = (await _node.Trials.ClaimNextAsync("owner", "signal", "cpu", default))!;
    }

    public async Task DisposeAsync() => await _node.DisposeAsync();

    private static readonly string[] AllWrites = ["record", "continue", "score", "note", "describe", "succeed", "fail", "release"];

    public static TheoryData<string> Writes() => [.. AllWrites];

    [Theory, MemberData(nameof(Writes))]
    public async Task No_write_of_a_lost_lease_gets_through(string write)
    {
        await _node.Trials.RecordAsync(Lease, Lease.Epoch(0), default);
        var heir = (await _node.Trials.TakeOverAsync(Lease))!;
        var before = await ListAsync();

        await Should.ThrowAsync<LeaseLostException>(() => WriteAsync(write, Lease));
        await Should.ThrowAsync<LeaseLostException>(() => WriteAsync(write, Lease with { Attempt = heir.Lease.Attempt }));
        await Should.ThrowAsync<LeaseLostException>(() => WriteAsync(write, heir.Lease with { Attempt = Lease.Attempt }));

        (await ListAsync()).ShouldBeEquivalentTo(before);
        (await _node.Trials.ObservationsAsync(_claimed.Trial.JobId, 0, 10, default)).Count.ShouldBe(1);
        (await _node.Trials.ScoresAsync(_claimed.Trial.JobId, default)).ShouldBeEmpty();
        await WriteAsync(write, heir.Lease);
    }

    [Theory]
    [InlineData("succeed")]
    [InlineData("fail")]
    public async Task Repeating_the_end_of_an_attempt_is_harmless_but_changing_it_is_not_possible(string end)
    {
        await WriteAsync(end, Lease);
        var ended = await ListAsync();

        await WriteAsync(end, Lease);
        foreach (var other in AllWrites.Where(write => write != end))
            await Should.ThrowAsync<LeaseLostException>(() => WriteAsync(other, Lease));

        (await ListAsync()).ShouldBeEquivalentTo(ended);
    }

    [Fact]
    public async Task Repeating_an_epoch_keeps_the_first_row()
    {
        await _node.Trials.RecordAsync(Lease, Lease.Epoch(1, accuracy: 0.25), default);
        var version = await VersionAsync();
        await _node.Trials.RecordAsync(Lease, Lease.Epoch(1, accuracy: 0.75), default);

        var stored = (await _node.Trials.ObservationsAsync(_claimed.Trial.JobId, 0, 10, default)).ShouldHaveSingleItem();
        stored.ValidationAccuracy.ShouldBe(0.25);
        (await VersionAsync()).ShouldBe(version);
    }

    [Fact]
    public async Task Going_on_from_a_checkpoint_keeps_its_observations()
    {
        Observation[] history = [Lease.Epoch(0), Lease.Epoch(1), Lease.Epoch(2)];
        foreach (var observation in history[..2]) await _node.Trials.RecordAsync(Lease, observation, default);
        var version = await VersionAsync();

        (await _node.Trials.ContinueFromAsync(Lease, history, default)).ShouldBe(1);

        (await EpochsAsync()).ShouldBe([0, 1]);
        (await VersionAsync()).ShouldBe(version);
    }

    [Fact]
    public async Task Starting_over_discards_what_was_observed_and_says_so()
    {
        for (var epoch = 0; epoch < 3; epoch++) await _node.Trials.RecordAsync(Lease, Lease.Epoch(epoch), default);
        var version = await VersionAsync();

        (await _node.Trials.ContinueFromAsync(Lease, [], default)).ShouldBe(-1);
        (await _node.Trials.ContinueFromAsync(Lease, [], default)).ShouldBe(-1);

        (await EpochsAsync()).ShouldBeEmpty();
        var trial = (await ListAsync()).Single(t => t.Id == Lease.TrialId);
        trial.EpochsDone.ShouldBe(0);
        trial.Notes.ShouldHaveSingleItem().ShouldBe(
            "Attempt 1 found no usable checkpoint of the observations of epochs 0 to 2: they were discarded, and it starts at epoch 0.");
        (await VersionAsync()).ShouldBeGreaterThan(version);
    }

    [Fact]
    public async Task Going_on_from_the_checkpoint_of_another_run_discards_what_is_not_of_that_run()
    {
        for (var epoch = 0; epoch < 4; epoch++) await _node.Trials.RecordAsync(Lease, Lease.Epoch(epoch), default);

        var stored = await _node.Trials.ContinueFromAsync(
            Lease, [Lease.Epoch(0), Lease.Epoch(1), Lease.Epoch(2) with { ValidationLoss = 0.70000000000000007 }], default);

        stored.ShouldBe(1);

        (await EpochsAsync()).ShouldBe([0, 1]);
        (await ListAsync()).Single(t => t.Id == Lease.TrialId).EpochsDone.ShouldBe(1);
    }

    [Fact]
    public async Task Attempts_count_from_the_last_one_that_brought_the_trial_further()
    {
        _claimed.AttemptsWithoutProgress.ShouldBe(1);
        await _node.Trials.ReleaseAsync(Lease, default);
        var second = (await _node.Trials.ClaimAsync())!;
        second.AttemptsWithoutProgress.ShouldBe(2);
        await _node.Trials.RecordAsync(second.Lease, second.Lease.Epoch(0), default);
        await _node.Trials.ReleaseAsync(second.Lease, default);

        var third = (await _node.Trials.ClaimNextAsync("third", "s3", "cpu", default))!;
        var fourth = (await _node.Trials.TakeOverAsync(third.Lease, "fourth"))!;

        third.AttemptsWithoutProgress.ShouldBe(1);
        fourth.AttemptsWithoutProgress.ShouldBe(2);
    }

    [Fact]
    public async Task Observation_reads_back_as_it_was_written()
    {
        var observation = new Observation
        {
            TrialId = Lease.TrialId,
            Epoch = 3,
            BetaEff = 0.1,
            BetaSquared = 0.2,
            BetaPerSample = 0.3,
            BetaSigned = -0.4,
            ValidationAccuracy = 0.5,
            ValidationLoss = 0.6,
            ValidationCount = 7,
            TrainAccuracy = 0.8,
            TrainLoss = 0.9,
            TestAccuracy = 0.11,
            TrainSeconds = 12,
            BetaSeconds = 13,
            ValidationSeconds = 14,
            RecordedAt = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero),
        };
        await _node.Trials.RecordAsync(Lease, observation, default);

        var stored = (await _node.Trials.ObservationsAsync(_claimed.Trial.JobId, 0, 10, default)).ShouldHaveSingleItem();
        stored.ShouldBe(observation with { Id = stored.Id });
        stored.Id.ShouldBeGreaterThan(0);
        (await ListAsync()).Single(t => t.Id == Lease.TrialId).EpochsDone.ShouldBe(3);
    }

    [Fact]
    public async Task Observation_of_another_trial_is_refused()
        => await Should.ThrowAsync<ArgumentException>(() => _node.Trials.RecordAsync(Lease, Lease.Epoch(1) with { TrialId = Guid.NewGuid() }, default));

    [Fact]
    public async Task Event_ids_of_a_job_rise_in_the_order_of_commits()
    {
        var other = (await _node.Trials.ClaimAsync())!;
        var seen = new List<long>();
        var writers = new[] { Lease, other.Lease }.Select(lease => Task.Run(async () =>
        {
            for (var epoch = 0; epoch < 40; epoch++) await _node.Trials.RecordAsync(lease, lease.Epoch(epoch), default);
        })).ToList();
        // A reader that goes on after the last id it saw must miss none.
        while (seen.Count < 80)
        {
            if (writers.Exists(writer => writer.IsFaulted)) await Task.WhenAll(writers);
            seen.AddRange((await _node.Trials.ObservationsAsync(_claimed.Trial.JobId, seen.LastOrDefault(), 7, default)).Select(o => o.Id));
            if (writers.TrueForAll(writer => writer.IsCompleted) && (await _node.Trials.ObservationsAsync(_claimed.Trial.JobId, seen.LastOrDefault(), 1, default)).Count == 0) break;
        }
        seen.Count.ShouldBe(80);
        seen.ShouldBe(seen.Order());
    }

    [Fact]
    public async Task Every_kind_of_write_raises_the_version()
    {
        foreach (var write in (string[])["record", "note", "describe", "release"])
        {
            var version = await VersionAsync();
            await WriteAsync(write, Lease);
            (await VersionAsync()).ShouldBeGreaterThan(version, write);
        }
    }

    [Fact]
    public async Task Claim_whose_answer_was_lost_is_found_again()
    {
        await _node.Trials.RecordAsync(Lease, Lease.Epoch(2), default);

        var heir = (await _node.Trials.TakeOverAsync(Lease, "heir", "cuda:0"))!;
        var again = (await _node.Trials.ClaimAsync("heir"))!;
        var next = (await _node.Trials.TakeOverAsync(heir.Lease, "heir of the heir"))!;

        heir.Lease.ShouldBe(new(Lease.TrialId, 2, "heir"));
        heir.Trial.EpochsDone.ShouldBe(2);
        heir.Trial.Device.ShouldBe("cuda:0");
        again.Lease.ShouldBe(heir.Lease);
        next.Lease.ShouldBe(new(Lease.TrialId, 3, "heir of the heir"));
    }

    [Fact]
    public async Task Released_trial_is_claimed_again_with_the_next_attempt()
    {
        await _node.Trials.RecordAsync(Lease, Lease.Epoch(1), default);
        await _node.Trials.ReleaseAsync(Lease, default);

        var again = (await _node.Trials.ClaimAsync("next"))!;

        again.Lease.ShouldBe(new(Lease.TrialId, 2, "next"));
        again.Trial.EpochsDone.ShouldBe(1);
        again.Trial.StartedAt.ShouldBe(_claimed.Trial.StartedAt);
    }

    [Fact]
    public async Task Notes_and_the_environment_are_kept()
    {
        await _node.Trials.AddNoteAsync(Lease, "Input upsampled to 75 × 75.", default);
        await _node.Trials.AddNoteAsync(Lease, "Input upsampled to 75 × 75.", default);
        await _node.Trials.AddNoteAsync(Lease, "Another.", default);
        await WriteAsync("describe", Lease);

        var trial = (await ListAsync())[0];
        trial.Notes.ShouldBe(["Input upsampled to 75 × 75.", "Another."]);
        trial.DatasetHash.ShouldBe("abc");
        trial.Software.ShouldBe(new Dictionary<string, string>(StringComparer.Ordinal) { ["libtorch"] = "1.13.1" });
    }

    private async Task<IEnumerable<int>> EpochsAsync()
        => (await _node.Trials.ObservationsAsync(_claimed.Trial.JobId, 0, 10, default)).Select(o => o.Epoch).Order();

    private Task<IReadOnlyList<Trial>> ListAsync() => _node.Trials.ListAsync(_claimed.Trial.JobId, default);

    private async Task<long> VersionAsync() => (await _node.Jobs.FindAsync(_claimed.Trial.JobId, default))!.Version;

    private Task WriteAsync(string write, Lease lease) => write switch
    {
        "record" => _node.Trials.RecordAsync(lease, lease.Epoch(4), default),
        "continue" => _node.Trials.ContinueFromAsync(lease, [], default),
        "score" => _node.Trials.RecordScoresAsync(lease, [new(lease.TrialId, "logme", 0.5, null, 0.01)], default),
        "note" => _node.Trials.AddNoteAsync(lease, "note", default),
        "describe" => _node.Trials.DescribeAsync(lease, new("abc", new Dictionary<string, string>(StringComparer.Ordinal) { ["libtorch"] = "1.13.1" }), default),
        "succeed" => _node.Trials.SucceedAsync(lease, null, default),
        "fail" => _node.Trials.FailAsync(lease, new("code", "message"), default),
        _ => _node.Trials.ReleaseAsync(lease, default),
    };
}
