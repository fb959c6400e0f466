using System.Net;
using Microsoft.AspNetCore.Http;
using NeuralCapacitance.Api.Dashboard;

namespace NeuralCapacitance.Api.Tests.Dashboard;

public sealed class LocalRequestTests
{
    [Theory]
    [InlineData("127.0.0.1", "localhost:5080")]
    [InlineData("127.0.0.1", "127.0.0.1:5080")]
    [InlineData("::1", "[::1]:5080")]
    [InlineData("::ffff:127.0.0.1", "LOCALHOST")]
    public void Browser_on_the_machine_is_local(string address, string host) => LocalRequest.IsLocal(Request(address, host)).ShouldBeTrue();

    [Theory]
    [InlineData("10.0.0.7", "localhost:5080")]
    [InlineData("192.168.1.2", "127.0.0.1")]
    [InlineData(null, "localhost")]
    public void Another_machine_is_not(string? address, string host) => LocalRequest.IsLocal(Request(address, host)).ShouldBeFalse();

    [Theory]
    [InlineData("X-Forwarded-For")]
    [InlineData("x-forwarded-proto")]
    [InlineData("X-Forwarded-Anything")]
    [InlineData("Forwarded")]
    [InlineData("Via")]
    [InlineData("x-real-ip")]
    [InlineData("CF-Connecting-IP")]
    public void Nobody_is_local_behind_a_proxy(string header)
    {
        var request = Request("127.0.0.1", "localhost:5080");
        request.Request.Headers[header] = "127.0.0.1";
        LocalRequest.IsLocal(request).ShouldBeFalse();
    }

    [Theory]
    [InlineData("selection.example.org")]
    [InlineData("localhost.example.org")]
    [InlineData("10.0.0.7:5080")]
    [InlineData("")]
    public void Nobody_is_local_under_another_hosts_name(string host) => LocalRequest.IsLocal(Request("127.0.0.1", host)).ShouldBeFalse();

    [Fact]
    public void Nobody_is_local_behind_a_proxy_that_says_nothing_but_speaks_the_old_protocol()
    {
        var request = Request("127.0.0.1", "127.0.0.1:5080");
        request.Request.Protocol = HttpProtocol.Http10;
        LocalRequest.IsLocal(request).ShouldBeFalse();
    }

    private static DefaultHttpContext Request(string? address, string host)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = address is null ? null : IPAddress.Parse(address);
        context.Request.Host = new HostString(host);
        context.Request.Protocol = HttpProtocol.Http11;
        return context;
    }
}
