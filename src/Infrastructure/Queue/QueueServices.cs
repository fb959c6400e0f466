using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Domain.Trials;
using Quartz;

namespace NeuralCapacitance.Infrastructure.Queue;

public static class QueueServices
{
    /// <summary>Makes this node a worker: it takes trials as soon as the application has started.</summary>
    /// <typeparam name="TExecutor">Made anew, in a scope of its own, for every firing.</typeparam>
    /// <param name="slots">Trials at the same time; at least 1.</param>
    public static IServiceCollection AddTrialExecution<TExecutor>(this IServiceCollection services, int slots) where TExecutor : class, ITrialExecutor
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(slots, 1);
        services.AddScoped<ITrialExecutor, TExecutor>();
        services.AddQuartz(quartz => quartz.UseDefaultThreadPool(slots));
        services.AddHealthChecks().AddQuartz(check => check.Tags.Add("ready"));
        services.AddHostedService<QueueReconciliation>();
        services.AddQuartzHostedService(options => options.WaitForJobsToComplete = true);
        return services;
    }

    internal static IServiceCollection AddQueue(this IServiceCollection services, IConfiguration configuration, Action<IQuartzBuilder>? configure)
    {
        services.AddOptions<QueueOptions>().Bind(configuration.GetSection(QueueOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<QueueOptions>, QueueOptionsValidator>();
        services.AddSingleton<TrialSignals>();
        services.AddSingleton<MissingSignals>();
        services.AddSingleton<ITrialQueue>(provider => provider.GetRequiredService<TrialSignals>());
        services.AddQuartz(quartz =>
        {
            quartz.ConfigureScheduler(scheduler =>
            {
                scheduler.InstanceName = "neural-capacitance";
                scheduler.IdleWaitTime = TimeSpan.FromSeconds(1);
                scheduler.ShutdownJobInterruption = ShutdownJobInterruption.Always;
            });
            quartz.UsePersistentStore(store =>
            {
                store.UsePostgres(database => database.UseRegisteredDataSource = true);
                store.UseSystemTextJsonSerializer();
                store.ProvisionSchema();
                store.UseClustering();
                store.ConfigureStore(options =>
                {
                    options.StoreJobDataAsStrings = true;
                    options.TablePrefix = "qrtz_";
                    options.AcceptEnlistedTransactions = true;
                    options.RecoverFiringsCancelledByShutdown = true;
                });
            });
            configure?.Invoke(quartz);
        });
        services.AddOptions<ClusteringOptions>().Configure<IOptions<QueueOptions>>((clustering, queue) =>
        {
            clustering.CheckinInterval = queue.Value.CheckInInterval;
            clustering.CheckinMisfireThreshold = queue.Value.CheckInGrace;
        });
        return services;
    }
}
