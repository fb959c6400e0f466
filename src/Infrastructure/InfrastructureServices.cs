using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Domain.Backbones;
using NeuralCapacitance.Infrastructure.Access;
using NeuralCapacitance.Infrastructure.Artifacts;
using NeuralCapacitance.Infrastructure.Downloads;
using NeuralCapacitance.Infrastructure.Events;
using NeuralCapacitance.Infrastructure.Finalizations;
using NeuralCapacitance.Infrastructure.History;
using NeuralCapacitance.Infrastructure.Jobs;
using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Infrastructure.Queue;
using NeuralCapacitance.Infrastructure.Races;
using NeuralCapacitance.Infrastructure.Rankings;
using NeuralCapacitance.Infrastructure.Retention;
using NeuralCapacitance.Infrastructure.Storage;
using NeuralCapacitance.Infrastructure.Trials;
using NeuralCapacitance.Infrastructure.Uploads;
using NeuralCapacitance.Infrastructure.Webhooks;
using NeuralCapacitance.Infrastructure.Weights;
using NeuralCapacitance.Infrastructure.Workers;
using NeuralCapacitance.Infrastructure.Workload;
using Npgsql;

namespace NeuralCapacitance.Infrastructure;

public static class InfrastructureServices
{
    /// <summary>A database that takes longer for its answer to nothing is not ready.</summary>
    private static readonly TimeSpan HealthPatience = TimeSpan.FromSeconds(3);

    /// <summary>Postgres (the given one, or an embedded one), stores, change feed, artifact store, uploads, and the queue. Without <see cref="QueueServices.AddTrialExecution"/> a node takes jobs in and runs none. Calling it twice is harmless.</summary>
    public static IServiceCollection AddInfrastructure(this IServiceCollection services, IConfiguration configuration)
    {
        if (services.Any(service => service.ServiceType == typeof(DatabaseServer))) return services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptionsWithValidateOnStart<StorageOptions, StorageOptionsValidator>().Bind(configuration.GetSection(StorageOptions.Section));
        services.AddOptionsWithValidateOnStart<TelemetryOptions, TelemetryOptionsValidator>().Bind(configuration.GetSection(TelemetryOptions.Section));
        return services.AddDatabase(configuration).AddDownloads(configuration).AddStores().AddHistory(configuration).AddUploads(configuration).AddLeftovers(configuration).AddQueue(configuration);
    }

    /// <summary>The database and the keys and secrets in it, for a command beside a service that may run or not.</summary>
    public static IServiceCollection AddKeyStore(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptionsWithValidateOnStart<StorageOptions, StorageOptionsValidator>().Bind(configuration.GetSection(StorageOptions.Section));
        return services.AddDatabase(configuration).AddAccessStores().AddWebhookSecrets();
    }

    private static IServiceCollection AddAccessStores(this IServiceCollection services)
    {
        services.AddSingleton(provider => new ApiKeyStore(provider.GetRequiredService<IDbContextFactory<ServiceDbContext>>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new AuditTrail(provider.GetRequiredService<IDbContextFactory<ServiceDbContext>>(), provider.GetRequiredService<TimeProvider>()));
        return services;
    }

    private static IServiceCollection AddDatabase(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptionsWithValidateOnStart<DatabaseOptions, DatabaseOptionsValidator>().Bind(configuration.GetSection(DatabaseOptions.Section));
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<DatabaseServer>(provider, configuration));
        // By its name the metrics of the driver call it; otherwise by the whole connection string.
        services.AddSingleton(provider => new NpgsqlDataSourceBuilder(provider.GetRequiredService<DatabaseServer>().ConnectionString) { Name = "service" }.Build());
        services.AddSingleton<System.Data.Common.DbDataSource>(provider => provider.GetRequiredService<NpgsqlDataSource>());
        services.AddPooledDbContextFactory<ServiceDbContext>((provider, options) => options
            .UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>())
            .AddInterceptors(new TransactionGuard())
            // Who meets a lost connection is told by an exception.
            .ConfigureWarnings(warnings => warnings.Log((RelationalEventId.CommandExecuted, LogLevel.Debug), (RelationalEventId.ConnectionError, LogLevel.Debug))));
        services.TryAddSingleton<OutageJournal>();
        services.AddSingleton<OutageRetry>();
        services.AddHostedService<OutageWatch>();
        services.AddHostedService<DatabaseMigration>();
        services.AddHealthChecks().AddNpgSql(provider => provider.GetRequiredService<NpgsqlDataSource>(), name: "postgres", tags: ["ready"], timeout: HealthPatience)
            .AddCheck<WorkersHealthCheck>("workers", failureStatus: null, tags: ["ready"], timeout: HealthPatience)
            .Add(new(
                "disk",
                provider => new DiskHealthCheck(provider.GetRequiredService<IOptions<StorageOptions>>(), provider.GetRequiredService<IOptions<UploadOptions>>(), DiskSpace.FreeBytes),
                failureStatus: null,
                tags: ["ready"]));
        return services;
    }

    private static IServiceCollection AddStores(this IServiceCollection services)
    {
        services.AddAccessStores();
        services.AddSingleton<ArtifactStore>();
        services.AddSingleton<WeightsStore>();
        services.AddSingleton<IWeightsStore>(provider => provider.GetRequiredService<WeightsStore>());
        services.AddSingleton(provider => new SavedWeightsStore(provider.GetRequiredService<IDbContextFactory<ServiceDbContext>>(), provider.GetRequiredService<ArtifactStore>()));
        services.AddSingleton(provider => new JobStore(
            provider.GetRequiredService<IDbContextFactory<ServiceDbContext>>(),
            provider.GetRequiredService<ArtifactStore>(),
            provider.GetRequiredService<ILogger<JobStore>>()));
        services.AddSingleton<RaceSettlement>();
        services.AddSingleton(provider => new RaceStore(
            provider.GetRequiredService<IDbContextFactory<ServiceDbContext>>(),
            provider.GetRequiredService<RaceSettlement>()));
        services.AddSingleton(provider => new FinalizationStore(
            provider.GetRequiredService<IDbContextFactory<ServiceDbContext>>(),
            provider.GetRequiredService<JobStore>(),
            provider.GetRequiredService<PredictionGate>()));
        services.AddSingleton(provider => new TrialStore(
            provider.GetRequiredService<IDbContextFactory<ServiceDbContext>>(),
            provider.GetRequiredService<RaceSettlement>(),
            provider.GetRequiredService<Firings>(),
            provider.GetRequiredService<OutageRetry>()));
        services.AddSingleton(provider => new ChangeFeed(
            provider.GetRequiredService<NpgsqlDataSource>(),
            provider.GetRequiredService<TrialStore>(),
            provider.GetRequiredService<OutageRetry>(),
            provider.GetRequiredService<OutageJournal>(),
            provider.GetRequiredService<IDbContextFactory<ServiceDbContext>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ChangeFeed>>()));
        services.AddHostedService(provider => provider.GetRequiredService<ChangeFeed>());
        return services;
    }

    private static IServiceCollection AddHistory(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptionsWithValidateOnStart<RankingOptions, RankingOptionsValidator>().Bind(configuration.GetSection(RankingOptions.Section));
        services.AddSingleton<ImportedHistory>();
        services.AddSingleton<PredictionGate>();
        services.AddSingleton(provider => new PastJobStore(
            provider.GetRequiredService<IDbContextFactory<ServiceDbContext>>(),
            provider.GetRequiredService<TrialStore>(),
            provider.GetRequiredService<ImportedHistory>()));
        return services;
    }
}
