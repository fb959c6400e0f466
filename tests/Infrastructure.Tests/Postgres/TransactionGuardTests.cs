using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Infrastructure.Postgres.Model;
using NeuralCapacitance.Infrastructure.Queue;

namespace NeuralCapacitance.Infrastructure.Tests.Postgres;

public sealed class TransactionGuardTests(ServiceNodeFixture fixture) : IClassFixture<ServiceNodeFixture>
{
    /// <summary>Ways for a transaction to end without being asked to: with its connection, or by the server's word alone.</summary>
    private static readonly Dictionary<string, Func<ServiceDbContext, Task>> Losses = new(StringComparer.Ordinal)
    {
        ["connection"] = context => context.Database.GetDbConnection().CloseAsync(),
        ["transaction"] = context => context.Database.ExecuteSqlAsync($"ROLLBACK"),
    };

    /// <summary>What somebody who has not noticed does next; a changed row is there to be saved.</summary>
    private static readonly Dictionary<string, Func<ServiceDbContext, IDbContextTransaction, Task>> Continuations = new(StringComparer.Ordinal)
    {
        ["save"] = (context, _) => context.SaveChangesAsync(),
        ["query"] = (context, _) => context.IdempotencyKeys.CountAsync(),
        ["command"] = (context, _) => context.IdempotencyKeys.ExecuteDeleteAsync(),
        ["commit"] = (_, transaction) => transaction.CommitAsync(),
        ["announce"] = (context, _) => context.AnnounceQueuedAsync(default),
    };

    private readonly IDbContextFactory<ServiceDbContext> _contexts = fixture.Node.Services.GetRequiredService<IDbContextFactory<ServiceDbContext>>();

    public static IEnumerable<object[]> Cases => from loss in Losses.Keys from continuation in Continuations.Keys select new object[] { loss, continuation };

    [Theory, MemberData(nameof(Cases))]
    public async Task Nothing_goes_on_past_a_lost_transaction(string loss, string continuation)
    {
        var job = await fixture.Node.Jobs.SubmitAsync(candidates: 2);
        await using (var context = await _contexts.CreateDbContextAsync())
        await using (var transaction = await context.BeginTransactionAsync(default))
        {
            await context.IdempotencyKeys.CountAsync();
            await Losses[loss](context);
            context.Add(KeyOf(job.Id));

            var lost = await Should.ThrowAsync<ConnectionLostException>(() => Continuations[continuation](context, transaction));
            OutageRetry.Passes(lost).ShouldBeTrue();
        }

        // The pool's next context is as good as new.
        await using var next = await _contexts.CreateDbContextAsync();
        (await next.IdempotencyKeys.CountAsync()).ShouldBe(0);
        await using var another = await next.BeginTransactionAsync(default);
        next.Add(KeyOf(job.Id));
        await next.SaveChangesAsync();
        await another.RollbackAsync();
        (await next.IdempotencyKeys.CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Save_that_fails_by_itself_leaves_its_context_usable()
    {
        await using var context = await _contexts.CreateDbContextAsync();
        context.Add(KeyOf(Guid.NewGuid())); // of no job

        await Should.ThrowAsync<DbUpdateException>(() => context.SaveChangesAsync());

        (await context.IdempotencyKeys.CountAsync()).ShouldBe(0);
    }

    private static IdempotencyRow KeyOf(Guid job) => new() { Key = Guid.NewGuid().ToString(), RequestHash = "0", JobId = job, CreatedAt = DateTimeOffset.UnixEpoch };
}
