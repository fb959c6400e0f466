using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using NeuralCapacitance.Infrastructure.Downloads;

namespace NeuralCapacitance.Infrastructure.Tests.Downloads;

public sealed class ReachabilityTests
{
    private readonly StalledTime _time = new(TimeSpan.FromSeconds(5));

    [Theory]
    [InlineData("200 OK", null)]
    [InlineData("302 Found\r\nLocation: /elsewhere", null)]
    [InlineData("405 Method Not Allowed", null)]
    [InlineData("404 Not Found", "the server answered 404 (Not Found)")]
    [InlineData("503 Service Unavailable", "the server answered 503 (Service Unavailable)")]
    public async Task A_server_s_answer_is_remembered(string status, string? reason)
    {
        await using var server = new LocalServer(LocalServer.Status(status));
        await using var services = Services();
        var reachability = services.GetRequiredService<IReachability>();

        (await reachability.WhyUnreachableAsync(server.Address, CancellationToken.None)).ShouldBe(reason);
        (await reachability.WhyUnreachableAsync(server.Address, CancellationToken.None)).ShouldBe(reason);

        server.Requests.ShouldHaveSingleItem().Method.ShouldBe("HEAD");
    }

    [Fact]
    public async Task A_silent_server_is_given_up()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = new LocalServer(LocalServer.Hang(asked));
        await using var services = Services();
        var answer = services.GetRequiredService<IReachability>().WhyUnreachableAsync(server.Address, CancellationToken.None);
        await asked.Task;
        _time.Ring();
        (await answer).ShouldBe("the server did not answer within 5 s");
    }

    [Fact]
    public async Task No_server_is_told()
    {
        Uri nobody;
        await using (var server = new LocalServer(LocalServer.Status("200 OK"))) nobody = server.Address;
        await using var services = Services();
        (await services.GetRequiredService<IReachability>().WhyUnreachableAsync(nobody, CancellationToken.None)).ShouldNotBeNullOrWhiteSpace();
    }

    private ServiceProvider Services() => new ServiceCollection().AddSingleton<TimeProvider>(_time).AddDownloads(new ConfigurationBuilder().Build()).BuildServiceProvider();
}
