using Hangfire;
using Hangfire.Common;
using Hangfire.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Infrastructure.Queue;
using NeuralCapacitance.Infrastructure.Uploads;
using Npgsql;

namespace NeuralCapacitance.Infrastructure.Tests.Retention;

public sealed class RecurringRetentionTests : IAsyncLifetime
{
    private string _database = null!;

    public async Task InitializeAsync() => _database = await PostgresFixture.NewDatabaseAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Of_several_nodes_one_runs_it_each_hour()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        var storage = first.Services.GetRequiredService<JobStorage>();
        using (var connection = storage.GetConnection())
        {
            var recurring = connection.GetRecurringJobs().ShouldHaveSingleItem();
            (recurring.Id, recurring.Cron, recurring.Job.Queue).ShouldBe(("retention", "17 * * * *", "retention"));
        }

        new RecurringJobManager(storage, second.Services.GetRequiredService<IJobFilterProvider>()).TriggerJob("retention");

        await EndedAsync(storage, 1);
        storage.GetMonitoringApi().SucceededJobs(0, 10).Select(job => job.Value.Result).ShouldBe(["\"Removed 0, 0 bytes\""]);
    }

    [Fact]
    public async Task While_one_is_at_it_another_leaves()
    {
        await using var node = await StartAsync();
        await using var data = NpgsqlDataSource.Create(_database);
        await using var turn = await data.OpenConnectionAsync();
        await using (var take = new NpgsqlCommand($"SELECT pg_advisory_lock({0x4E435252})", turn)) await take.ExecuteNonQueryAsync();
        var storage = node.Services.GetRequiredService<JobStorage>();

        new RecurringJobManager(storage, node.Services.GetRequiredService<IJobFilterProvider>()).TriggerJob("retention");

        await EndedAsync(storage, 1);
        storage.GetMonitoringApi().SucceededJobs(0, 10).Select(job => job.Value.Result).ShouldBe(["\"Another node is at it\""]);
    }

    [Fact]
    public async Task Its_server_is_no_slot_for_trials()
    {
        await using var node = await StartAsync();

        node.Services.GetRequiredService<TrialSignals>().CountSlots().ShouldBe(0);
        node.Services.GetRequiredService<JobStorage>().GetMonitoringApi().Servers().ShouldHaveSingleItem();
    }

    private async Task<ServiceNode> StartAsync()
    {
        var node = await ServiceNode.StartAsync(
            _database,
            services => services.AddSingleton<IDatasetCatalogue, RetentionNode.NoDatasets>().AddSingleton<IUploadUse, RetentionNode.UploadsByName>()
                .AddHousekeeping(new ConfigurationBuilder().Build()));
        await WaitAsync(() => node.Services.GetRequiredService<JobStorage>().GetMonitoringApi().Servers().Any(server => server.Name.StartsWith(WorkerName.OfThisProcess, StringComparison.OrdinalIgnoreCase)));
        return node;
    }

    private static Task EndedAsync(JobStorage storage, int count) => WaitAsync(() => storage.GetMonitoringApi().SucceededListCount() >= count);

    private static async Task WaitAsync(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!holds()) await Task.Delay(50, patience.Token);
    }
}
