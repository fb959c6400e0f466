using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using NeuralCapacitance.Infrastructure.Queue;
using NeuralCapacitance.Infrastructure.Retention;
using NeuralCapacitance.Infrastructure.Uploads;

namespace NeuralCapacitance.Infrastructure;

public static class HousekeepingServices
{
    private const int Threads = 2;

    /// <summary>What a node that serves HTTP does besides. Needs what <see cref="InfrastructureServices.AddInfrastructure"/> adds, and an <see cref="IUploadUse"/>.</summary>
    public static IServiceCollection AddHousekeeping(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddRetention();
        services.AddSingleton(new HousekeepingThreads([RetentionJob.Queue], Threads));
        return services.AddHostedService<HousekeepingServer>();
    }
}
