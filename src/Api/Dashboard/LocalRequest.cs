using System.Net;
using NeuralCapacitance.Api.Hosting;

namespace NeuralCapacitance.Api.Dashboard;

/// <summary>
/// Whether a request comes from this machine itself. A proxy on the machine connects from there for everybody, so what shows traces of one is nobody's; nor
/// is a request for another host's name, which a page of that host may have made a browser send.
/// </summary>
internal static class LocalRequest
{
    private const string ForwardedPrefix = "X-Forwarded-";

    private static readonly string[] LeftByProxies = ["Forwarded", "Via", "X-Real-IP", "X-Original-Host", "True-Client-IP", "CF-Connecting-IP"];

    public static bool IsLocal(HttpContext context)
        => context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
            && Loopback.IsName(context.Request.Host.Host)
            // Browsers speak a later version; nginx, unless told otherwise, this one.
            && !HttpProtocol.IsHttp10(context.Request.Protocol)
            && !context.Request.Headers.Keys.Any(IsLeftByProxy);

    private static bool IsLeftByProxy(string header)
        => header.StartsWith(ForwardedPrefix, StringComparison.OrdinalIgnoreCase) || LeftByProxies.Contains(header, StringComparer.OrdinalIgnoreCase);
}
