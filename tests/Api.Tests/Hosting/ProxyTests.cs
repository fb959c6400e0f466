using System.Net;
using Microsoft.Extensions.DependencyInjection;
using NeuralCapacitance.Api.Access;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Infrastructure.Access;
using NeuralCapacitance.Infrastructure.Network;
using NeuralCapacitance.Infrastructure.Tests;

namespace NeuralCapacitance.Api.Tests.Hosting;

public sealed class ProxyTests
{
    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("10.0.0.0/8", false)]
    public async Task What_a_known_proxy_forwards_is_believed_and_what_others_do_is_not(string known, bool believed)
    {
        var service = new ServiceFixture(("Proxy:Known:0", known), ("Auth:AllowAnonymous", "true"));
        await service.InitializeAsync();
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/jobs") { Content = new StringContent(ServiceFixture.Spec()) };
            request.Headers.Add("X-Forwarded-For", "198.51.100.7");
            (await service.Client.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.Accepted);

            var line = (await service.Services.GetRequiredService<AuditTrail>().ListAsync(1, cursor: null, default)).Items.ShouldHaveSingleItem();
            (line.Address == "198.51.100.7").ShouldBe(believed, line.Address);
        }
        finally
        {
            await service.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_service_behind_a_proxy_does_not_start_without_a_key()
    {
        var root = Directory.CreateTempSubdirectory("nc-proxy-");
        try
        {
            await using var service = Api.Hosting.ServiceHost.Build(
                [$"--ConnectionStrings:Postgres={await PostgresFixture.NewDatabaseAsync()}", $"--Storage:Root={root.FullName}", "--urls=http://127.0.0.1:0", "--Proxy:Known:0=127.0.0.1"]);

            (await Should.ThrowAsync<ExposedException>(() => service.StartAsync())).Message.ShouldContain("Proxy:Known (127.0.0.1)");
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("10.0.0.0/8", true)]
    [InlineData("::1", true)]
    [InlineData("proxy.example", false)]
    [InlineData("10.0.0.0/64", false)]
    public void A_proxy_is_an_address_or_a_network(string text, bool accepted) => (IPNetworks.Parse(text) is not null).ShouldBe(accepted);
}
