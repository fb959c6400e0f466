using Hangfire;
using Hangfire.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NeuralCapacitance.Infrastructure.Artifacts;
using NeuralCapacitance.Infrastructure.Jobs;
using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Infrastructure.Queue;
using NeuralCapacitance.Infrastructure.Uploads;
using Npgsql;

namespace NeuralCapacitance.Infrastructure.Retention;

internal static class RetentionServices
{
    /// <summary>Away from the full hour, at which everybody's jobs begin.</summary>
    private const int Minute = 17;

    /// <summary>What every node removes of its own folder.</summary>
    public static IServiceCollection AddLeftovers(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptionsWithValidateOnStart<RetentionOptions, RetentionOptionsValidator>().Bind(configuration.GetSection(RetentionOptions.Section));
        services.AddSingleton<Leftovers>();
        return services.AddHostedService<OrphanSweep>();
    }

    /// <summary>What one node does for all. Needs an <see cref="IUploadUse"/>.</summary>
    public static IServiceCollection AddRetention(this IServiceCollection services)
    {
        services.AddSingleton<RemovalGate>();
        services.AddSingleton(provider => new ActiveNeeds(provider.GetRequiredService<JobStore>(), provider.GetRequiredService<ArtifactStore>(), provider.GetRequiredService<IUploadUse>()));
        services.AddSingleton(provider => new UploadRemoval(
            provider.GetRequiredService<DatasetUploads>(), provider.GetRequiredService<ActiveNeeds>(), provider.GetRequiredService<RemovalGate>()));
        services.AddSingleton<IRetentionRule, JobRetention>();
        services.AddSingleton<IRetentionRule, ModelRetention>();
        services.AddSingleton<IRetentionRule, UploadRetention>();
        services.AddSingleton<IRetentionRule, CheckpointRetention>();
        services.AddSingleton<IRetentionRule, LeftoverRetention>();
        services.AddSingleton<IRetentionRule, LogRetention>();
        services.AddSingleton<IRetentionRule, AuditRetention>();
        services.AddSingleton(provider => new RetentionRun(
            provider.GetServices<IRetentionRule>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<RetentionRun>>()));
        var run = typeof(RetentionJob).GetMethod(nameof(RetentionJob.RunAsync))!;
        services.AddSingleton(new RecurringWork("retention", new Job(typeof(RetentionJob), run, [], RetentionJob.Queue), Cron.Hourly(Minute)));
        return services;
    }
}
