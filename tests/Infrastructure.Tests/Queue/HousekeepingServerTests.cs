using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using NeuralCapacitance.Infrastructure.Queue;

namespace NeuralCapacitance.Infrastructure.Tests.Queue;

public sealed class HousekeepingServerTests
{
    [Fact]
    public async Task One_that_is_disposed_of_may_be_stopped_and_disposed_of_again()
    {
        await using var node = await ServiceNode.StartAsync(await PostgresFixture.NewDatabaseAsync(), services =>
        {
            services.AddSingleton(new HousekeepingThreads(["housekeeping-test"], 1));
            services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, HousekeepingServer>());
        });
        var server = node.Services.GetServices<IHostedService>().OfType<HousekeepingServer>().Single();

        server.Dispose();

        await server.StopAsync(default);
        server.Dispose();
    }
}
