using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NeuralCapacitance.Domain.Finalizations;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Access;
using NeuralCapacitance.Infrastructure.Finalizations;
using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Infrastructure.Retention;

namespace NeuralCapacitance.Infrastructure.Tests.Retention;

/// <summary>One database per test: claims take the next trial of all jobs.</summary>
public sealed class RetentionRunTests : IAsyncLifetime
{
    private static readonly TimeSpan HundredDays = TimeSpan.FromDays(100);

    private string _database = null!;
    private ServiceNode _node = null!;

    public async Task InitializeAsync() => _database = await PostgresFixture.NewDatabaseAsync();

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task By_default_nothing_goes_that_somebody_may_want_again()
    {
        _node = await RetentionNode.StartAsync(_database);
        var job = await EndedAsync();
        await FinalizedAsync(job);
        var upload = _node.Upload("pets", daysOld: 400);

        var report = await _node.In(TimeSpan.FromDays(4_000)).ApplyAsync(default);

        report.Kinds.ShouldAllBe(kind => kind.Removed == 0 && kind.Kept == 0);
        (await _node.Jobs.FindAsync(job, default)).ShouldNotBeNull();
        Directory.Exists(upload).ShouldBeTrue();
    }

    [Fact]
    public async Task Old_jobs_go_with_all_that_hangs_on_them_and_a_dry_run_tells_it_without_doing_it()
    {
        _node = await RetentionNode.StartAsync(_database, ("Retention:JobAge", "90"));
        var job = await EndedAsync();
        var model = await FinalizedAsync(job);
        var waiting = (await _node.Jobs.SubmitAsync(candidates: 1)).Id;
        (await _node.In(TimeSpan.FromDays(80)).PlanAsync(default)).Of("jobs").Removed.ShouldBe(0);

        var plan = (await _node.In(HundredDays).PlanAsync(default)).Of("jobs");

        (plan.Removed, plan.RemovedBytes, plan.Kept).ShouldBe((1, model.Length, 0));
        var item = plan.Items.ShouldHaveSingleItem();
        (item.Name, item.Bytes, item.Reason).ShouldBe((job.ToString(), model.Length, "not needed for 100 days; kept are 90 days"));
        (await _node.Jobs.FindAsync(job, default)).ShouldNotBeNull();

        var done = (await _node.In(HundredDays).ApplyAsync(default)).Of("jobs");

        done.Items.Select(removed => removed.Name).ShouldBe([job.ToString()]);
        (await _node.Jobs.FindAsync(job, default)).ShouldBeNull();
        File.Exists(model.FullName).ShouldBeFalse();
        (await _node.Jobs.FindAsync(waiting, default)).ShouldNotBeNull("it has not ended");
        await using var context = await ContextAsync();
        (await context.Observations.CountAsync(o => o.JobId == job)).ShouldBe(0);
        var line = (await _node.Services.GetRequiredService<AuditTrail>().ListAsync(10, null, default, subject: $"job:{job}", action: AuditAction.Expired)).Items.ShouldHaveSingleItem();
        line.Owner.ShouldBe("local");
    }

    [Fact]
    public async Task Beyond_the_newest_so_many_the_older_jobs_go()
    {
        _node = await RetentionNode.StartAsync(_database, ("Retention:JobCount", "2"));
        var jobs = new List<Guid>();
        for (var i = 0; i < 4; i++) jobs.Add(await EndedAsync());

        await _node.In(TimeSpan.Zero).ApplyAsync(default);

        (await _node.Jobs.ListAsync(null, 10, null, default)).Items.Select(job => job.Id).ShouldBe([jobs[3], jobs[2]]);
    }

    [Fact]
    public async Task A_job_stays_while_its_finalization_has_not_ended()
    {
        _node = await RetentionNode.StartAsync(_database, ("Retention:JobAge", "90"), ("Retention:ModelAge", "90"));
        var job = await EndedAsync();
        var finalization = await FinalizeAsync(job);

        var done = (await _node.In(HundredDays).ApplyAsync(default)).Of("jobs");

        done.KeptItems.ShouldHaveSingleItem().Reason.ShouldBe($"its finalization {finalization.Id} has not ended");
        (await _node.Jobs.FindAsync(finalization.Id, default)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_model_that_a_job_starts_from_stays_until_that_has_ended_and_then_its_finalization_says_what_became_of_it()
    {
        _node = await RetentionNode.StartAsync(_database, ("Retention:JobAge", "90"), ("Retention:ModelAge", "90"));
        var job = await EndedAsync();
        var model = await FinalizedAsync(job);
        var weights = "file:" + Path.GetRelativePath(_node.Artifacts.Root, model.FullName);
        var user = (await _node.Jobs.CreateAsync(
            Specs.Of(1) with { Candidates = [new() { Name = "next", Backbone = "resnet8", Weights = weights }] }, "{}", null, default)).Job.Id;

        var kept = await _node.In(HundredDays).ApplyAsync(default);

        kept.Of("jobs").KeptItems.ShouldHaveSingleItem().Reason.ShouldBe($"job {user}, which has not ended, starts from weights of it");
        kept.Of("models").KeptItems.ShouldHaveSingleItem().Reason.ShouldBe($"job {user}, which has not ended, starts from it");
        File.Exists(model.FullName).ShouldBeTrue();

        await _node.Jobs.CancelAsync(user, default);
        var version = (await _node.Jobs.FindAsync(job, default))!.Version;
        await _node.Services.GetServices<IRetentionRule>().Single(rule => rule.Kind == "models").ApplyAsync(HundredDays);

        File.Exists(model.FullName).ShouldBeFalse();
        var its = (await _node.Services.GetRequiredService<FinalizationStore>().OfAsync([job], default))[job].ShouldHaveSingleItem();
        its.HasModel.ShouldBeFalse();
        its.Trial.Notes.ShouldHaveSingleItem().ShouldContain("Retention:ModelAge");
        (await _node.Jobs.FindAsync(job, default))!.Version.ShouldBeGreaterThan(version, "what the job shows has changed");
    }

    [Fact]
    public async Task An_upload_that_a_job_trains_on_stays_and_goes_when_it_was_not_needed_for_long()
    {
        _node = await RetentionNode.StartAsync(_database, ("Retention:UploadAge", "30"));
        var (used, unused) = (_node.Upload("used", daysOld: 400), _node.Upload("unused", daysOld: 400));
        var job = (await _node.Jobs.CreateAsync(RetentionNode.SpecOn("used"), "{}", null, default)).Job.Id;

        var report = (await _node.In(TimeSpan.Zero).ApplyAsync(default)).Of("uploads");

        report.Items.ShouldHaveSingleItem().Name.ShouldBe("unused");
        report.RemovedBytes.ShouldBe(7);
        report.KeptItems.ShouldHaveSingleItem().Reason.ShouldBe($"job {job}, which has not ended, trains on it");
        (Directory.Exists(used), Directory.Exists(unused)).ShouldBe((true, false));

        await _node.Jobs.CancelAsync(job, default);
        (await _node.In(TimeSpan.FromDays(20)).ApplyAsync(default)).Of("uploads").Removed.ShouldBe(0, "its job has only just ended");
        (await _node.In(TimeSpan.FromDays(40)).ApplyAsync(default)).Of("uploads").Removed.ShouldBe(1);
        Directory.Exists(used).ShouldBeFalse();
        (await _node.Services.GetRequiredService<AuditTrail>().ListAsync(10, null, default, action: AuditAction.Expired)).Items.Select(line => line.Subject)
            .ShouldBe(["dataset:used", "dataset:unused"]);
    }

    [Fact]
    public async Task Either_a_job_finds_its_upload_gone_or_the_upload_stays()
    {
        _node = await RetentionNode.StartAsync(_database, ("Retention:UploadCount", "0"));
        var needs = _node.Services.GetRequiredService<ActiveNeeds>();
        var (taken, refused) = (0, 0);
        for (var round = 0; round < 30; round++)
        {
            var name = $"pets-{round}";
            var folder = _node.Upload(name, daysOld: 1);
            var spec = RetentionNode.SpecOn(name);
            var removal = Task.Run(() => _node.In(TimeSpan.Zero).ApplyAsync(default));
            try
            {
                var job = await _node.Jobs.CreateAsync(spec, "{}", null, default, whyGone: () => needs.WhyGone(spec));
                await removal;
                Directory.Exists(folder).ShouldBeTrue("a job needs it");
                await _node.Jobs.CancelAsync(job.Job.Id, default);
                taken++;
            }
            catch (Infrastructure.Jobs.NeedsGoneException)
            {
                await removal;
                Directory.Exists(folder).ShouldBeFalse();
                refused++;
            }
        }
        (taken + refused).ShouldBe(30);
        (await _node.Jobs.ListAsync(null, 100, null, default)).Items.Count.ShouldBe(taken);
    }

    [Fact]
    public async Task While_something_is_removed_a_job_that_needs_something_waits()
    {
        _node = await RetentionNode.StartAsync(_database);
        _node.Upload("pets", daysOld: 1);
        var closed = await _node.Services.GetRequiredService<RemovalGate>().CloseAsync(default);
        var looked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var submission = _node.Jobs.CreateAsync(
            RetentionNode.SpecOn("pets"), "{}", null, default,
            whyGone: () =>
            {
                looked.SetResult();
                return null;
            });
        await WaitersAsync(1);
        looked.Task.IsCompleted.ShouldBeFalse();
        await closed.DisposeAsync();

        await submission;
        looked.Task.IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task Lines_of_the_audit_go_by_age()
    {
        _node = await RetentionNode.StartAsync(_database, ("Retention:AuditAge", "365"));
        await EndedAsync();

        (await _node.In(TimeSpan.FromDays(300)).PlanAsync(default)).Of("audit").Removed.ShouldBe(0);
        (await _node.In(TimeSpan.FromDays(400)).ApplyAsync(default)).Of("audit").Items.ShouldHaveSingleItem().Name.ShouldBe("1 lines");

        (await _node.Services.GetRequiredService<AuditTrail>().ListAsync(10, null, default)).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task Logs_of_the_private_database_go_and_the_one_at_work_stays()
    {
        _node = await RetentionNode.StartAsync(_database, ("Retention:LogCount", "1"));
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(_node.Artifacts.Root)!, "postgres", "log")).FullName;
        foreach (var day in new[] { "2026-01-01", "2026-01-02", "2026-01-03" })
        {
            var file = Path.Combine(folder, $"{day}T000000.log");
            await File.WriteAllTextAsync(file, "LOG");
            File.SetLastWriteTimeUtc(file, DateTime.Parse(day, System.Globalization.CultureInfo.InvariantCulture));
        }

        await _node.In(TimeSpan.FromDays(-10_000)).ApplyAsync(default);

        Directory.GetFiles(folder).Select(Path.GetFileName).Order().ShouldBe(["2026-01-02T000000.log", "2026-01-03T000000.log"]);
    }

    private async Task<Guid> EndedAsync()
    {
        var job = await _node.Jobs.SubmitAsync(candidates: 1);
        var claimed = (await _node.Trials.ClaimAsync())!;
        for (var epoch = 0; epoch <= 5; epoch++) await _node.Trials.RecordAsync(claimed.Lease, claimed.Lease.Epoch(epoch, 0.1 * epoch), default);
        await _node.Trials.SucceedAsync(claimed.Lease, null, default);
        return job.Id;
    }

    private async Task<Job> FinalizeAsync(Guid job)
    {
        var outcome = await _node.Services.GetRequiredService<FinalizationStore>().CreateAsync(job, new(new FinalizeSpec(), "candidate-0", null), "{}", null, default);
        return outcome.Job.ShouldNotBeNull(outcome.Reason);
    }

    private async Task<FileInfo> FinalizedAsync(Guid job)
    {
        var made = await FinalizeAsync(job);
        var claimed = (await _node.Trials.ClaimAsync())!;
        var path = _node.Artifacts.ModelPath(made.Id, claimed.Trial.Id, claimed.Lease.Attempt);
        _node.Artifacts.WriteAtomically(path, to => File.WriteAllText(to, "a model"));
        await _node.Trials.SucceedAsync(claimed.Lease, Path.GetRelativePath(_node.Artifacts.Root, path), new FileDigest("abc", 7), default);
        return new(path);
    }

    private Task<ServiceDbContext> ContextAsync() => _node.Services.GetRequiredService<IDbContextFactory<ServiceDbContext>>().CreateDbContextAsync();

    private async Task WaitersAsync(int count)
    {
        await using var context = await ContextAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await context.Database.SqlQuery<int>($"""SELECT count(*)::int AS "Value" FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())""").SingleAsync(patience.Token) < count)
            await Task.Delay(20, patience.Token);
    }
}

internal static class RetentionRuleRuns
{
    public static async Task ApplyAsync(this IRetentionRule rule, TimeSpan later)
    {
        foreach (var candidate in await rule.FindAsync(TimeProvider.System.GetUtcNow() + later, default))
            (candidate.Kept ?? await candidate.RemoveAsync(default)).ShouldBeNull();
    }
}
