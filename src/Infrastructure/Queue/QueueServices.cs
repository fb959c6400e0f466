using Hangfire;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Infrastructure.Workers;
using Npgsql;

namespace NeuralCapacitance.Infrastructure.Queue;

public static class QueueServices
{
    /// <summary>Makes this node a worker: it takes trials as soon as the application has started. An <see cref="IWorkerFacts"/> tells what it computes on.</summary>
    /// <typeparam name="TExecutor">Made anew, in a scope of its own, for every firing.</typeparam>
    /// <param name="slots">Trials at the same time; at least 1.</param>
    public static IServiceCollection AddTrialExecution<TExecutor>(this IServiceCollection services, int slots) where TExecutor : class, ITrialExecutor
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(slots, 1);
        services.AddScoped<ITrialExecutor, TExecutor>();
        services.AddSingleton(_ => new SlotGate(slots));
        services.AddSingleton<MissingSignals>();
        services.TryAddSingleton<IWorkerFacts, CpuFacts>();
        services.AddSingleton<WorkerRegister>();
        services.AddHealthChecks().AddCheck<QueueHealthCheck>("queue", tags: ["ready"]);
        // The last one stops first: until the server has, trials check in.
        services.AddHostedService<LeaseCheckIns>();
        services.AddHostedService<DrainWatch>();
        services.AddHostedService<QueueReconciliation>();
        services.AddHostedService<TrialServer>();
        return services;
    }

    /// <summary>What every node needs of the queue. All that Hangfire would keep in static fields is of the container instead: several hosts may share a process.</summary>
    internal static IServiceCollection AddQueue(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<QueueOptions>().Bind(configuration.GetSection(QueueOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<QueueOptions>, QueueOptionsValidator>();
        services.AddSingleton<DrainGate>();
        services.AddSingleton<JobStorage>(provider =>
        {
            var storage = HangfireStorage.Create(provider.GetRequiredService<NpgsqlDataSource>(), provider.GetRequiredService<IOptions<QueueOptions>>().Value);
            DrainableQueue.PutBefore(storage, TrialSignals.Queue, provider.GetRequiredService<DrainGate>(), provider.GetRequiredService<OutageJournal>());
            return storage;
        });
        services.AddSingleton(_ => HangfireStorage.Filters());
        services.AddSingleton<TrialSignals>();
        services.AddSingleton(provider => new SignalNotes(provider.GetRequiredService<JobStorage>()));
        services.AddSingleton<Firings>();
        services.AddSingleton(provider => new WorkerStore(provider.GetRequiredService<IDbContextFactory<ServiceDbContext>>(), provider.GetRequiredService<IOptions<QueueOptions>>()));
        return services;
    }
}
