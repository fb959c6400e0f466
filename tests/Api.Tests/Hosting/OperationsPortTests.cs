using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace NeuralCapacitance.Api.Tests.Hosting;

public sealed class OperationsPortTests : IAsyncLifetime
{
    private readonly int _port = FreePort();
    private readonly ServiceFixture _service;

    public OperationsPortTests() => _service = new(("Operations:Url", $"http://127.0.0.1:{_port}"));

    public Task InitializeAsync() => _service.InitializeAsync();

    public Task DisposeAsync() => _service.DisposeAsync();

    [Theory]
    [InlineData("/metrics", false, true)]
    [InlineData("/swagger/v1/swagger.json", false, true)]
    [InlineData("/hangfire", false, true)]
    [InlineData("/api/v1/jobs", true, false)]
    [InlineData("/", true, false)]
    [InlineData("/health/live", true, true)]
    public async Task What_is_for_operators_has_a_port_of_its_own(string path, bool onFirst, bool onOwn)
    {
        using var operators = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_port}") };

        using var others = new HttpClient { BaseAddress = new Uri(_service.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single(address => new Uri(address).Port != _port)) };

        (await others.GetAsync(path)).StatusCode.ShouldBe(onFirst ? HttpStatusCode.OK : HttpStatusCode.NotFound);
        (await operators.GetAsync(path)).StatusCode.ShouldBe(onOwn ? HttpStatusCode.OK : HttpStatusCode.NotFound);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
