using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Infrastructure.Queue;
using NeuralCapacitance.Infrastructure.Retention;
using NeuralCapacitance.Infrastructure.Uploads;
using NeuralCapacitance.Infrastructure.Webhooks;

namespace NeuralCapacitance.Infrastructure;

public static class HousekeepingServices
{
    /// <summary>What a node that serves HTTP does besides. Needs what <see cref="InfrastructureServices.AddInfrastructure"/> adds, and an <see cref="IUploadUse"/>.</summary>
    public static IServiceCollection AddHousekeeping(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddRetention();
        services.AddWebhooks(configuration);
        // One more than for notifications: retention may take long.
        services.AddSingleton(provider => new HousekeepingThreads(
            [WebhookJob.Queue, RetentionJob.Queue], provider.GetRequiredService<IOptions<WebhookOptions>>().Value.Concurrency + 1));
        return services.AddHostedService<HousekeepingServer>();
    }
}
