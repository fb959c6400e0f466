using Microsoft.Extensions.DependencyInjection;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Domain.Finalizations;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Infrastructure.Access;
using NeuralCapacitance.Infrastructure.Jobs;

namespace NeuralCapacitance.Infrastructure.Tests.Access;

public sealed class OwnershipTests : IAsyncLifetime
{
    private static readonly Actor One = new(new("key:one", "one", Role.Submit), "192.0.2.1");
    private static readonly Actor Two = new(new("key:two", "two", Role.Submit), "192.0.2.2");

    private ServiceNode _node = null!;

    private AuditTrail Audit => _node.Services.GetRequiredService<AuditTrail>();

    public async Task InitializeAsync() => _node = await ServiceNode.StartAsync(await PostgresFixture.NewDatabaseAsync());

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task A_job_belongs_to_who_submitted_it()
    {
        var of = (await SubmitAsync(One)).Job;
        await SubmitAsync(Two);

        (await _node.Jobs.FindAsync(of.Id, default))!.Owner.ShouldBe("key:one");
        (await _node.Jobs.ListAsync(new() { Owner = "key:one" }, 10, cursor: null, default)).Items.Select(job => job.Id).ShouldBe([of.Id]);
        (await _node.Jobs.ListAsync(filter: null, 10, cursor: null, default)).Items.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Two_owners_may_use_one_idempotency_key()
    {
        var key = new IdempotencyKey("key", "hash");

        var first = await SubmitAsync(One, key with { Owner = "key:one" });
        var second = await SubmitAsync(Two, key with { Owner = "key:two", RequestHash = "another" });
        var again = await SubmitAsync(One, key with { Owner = "key:one" });

        second.Replayed.ShouldBeFalse();
        second.Job.Id.ShouldNotBe(first.Job.Id);
        (again.Job.Id, again.Replayed).ShouldBe((first.Job.Id, true));
    }

    [Fact]
    public async Task The_audit_tells_who_submitted_cancelled_and_deleted()
    {
        var job = (await SubmitAsync(One)).Job;
        await _node.Jobs.CancelAsync(job.Id, default, Two);
        await _node.Jobs.CancelAsync(job.Id, default, Two);
        await _node.Jobs.DeleteAsync(job.Id, default, Two);

        var lines = (await Audit.ListAsync(10, cursor: null, default, subject: $"job:{job.Id}")).Items;

        lines.Select(line => (line.Action, line.Owner, line.Address)).ShouldBe(
            [(AuditAction.Deleted, "key:two", "192.0.2.2"), (AuditAction.Cancelled, "key:two", "192.0.2.2"), (AuditAction.Submitted, "key:one", "192.0.2.1")],
            "a cancel that changes nothing is no change");
    }

    [Fact]
    public async Task What_was_not_done_is_in_no_audit()
    {
        var job = (await SubmitAsync(One)).Job;

        (await _node.Jobs.DeleteAsync(job.Id, default, Two)).ShouldBe(DeleteOutcome.StillActive);
        await Should.ThrowAsync<Exception>(() => _node.Jobs.CreateAsync(Specs.Of(candidates: 2), "no JSON", null, default, by: Two));

        (await Audit.ListAsync(10, cursor: null, default, owner: "key:two")).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_audit_has_pages()
    {
        for (var i = 0; i < 5; i++) await Audit.NoteAsync(One, AuditAction.Uploaded, $"dataset:{i}", default);

        var first = await Audit.ListAsync(2, cursor: null, default);
        var second = await Audit.ListAsync(2, first.NextCursor, default);
        var third = await Audit.ListAsync(2, second.NextCursor, default);

        first.Items.Concat(second.Items).Concat(third.Items).Select(line => line.Subject).ShouldBe(["dataset:4", "dataset:3", "dataset:2", "dataset:1", "dataset:0"]);
        third.NextCursor.ShouldBeNull();
        await Should.ThrowAsync<FormatException>(() => Audit.ListAsync(2, "nonsense", default));
    }

    private Task<CreatedJob> SubmitAsync(Actor by, IdempotencyKey? key = null) => _node.Jobs.CreateAsync(Specs.Of(candidates: 2), "{}", key, default, by: by);
}
