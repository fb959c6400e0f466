using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Api.Hosting;
using NeuralCapacitance.Infrastructure.Access;
using NeuralCapacitance.Worker.Settings;

namespace NeuralCapacitance.Api.Access;

/// <summary>The service listens where others reach it, and nothing says who may use it.</summary>
internal sealed class ExposedException(string address) : Exception(
    $"It would be reached by other machines, through {address}, and nobody needs a key. Make one on this machine (`NeuralCapacitance.Api keys create --name NAME --role admin`), "
    + "or name an issuer (Auth:Jwt:Authority), or listen on 127.0.0.1. Auth:AllowAnonymous=true opens it to everybody who reaches it."), IForeseenFault;

/// <summary>Ends the start of a service that is open to others by oversight. Until it has looked, <see cref="AnonymousHandler"/> lets nobody in from there.</summary>
internal sealed class ExposureCheck(IServer server, IOptions<AccessOptions> options, IOptions<JwtOptions> jwt, IOptions<ProxyOptions> proxies, ApiKeyStore keys) : IHostedLifecycleService
{
    /// <summary>The addresses are known once the server listens.</summary>
    /// <exception cref="ExposedException" />
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        if (options.Value.AllowAnonymous || jwt.Value.IsConfigured || ExposedAt() is not { } exposed) return;
        if (!await keys.AnyLiveAsync(cancellationToken)) throw new ExposedException(exposed);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private string? ExposedAt() => proxies.Value.Known.Count > 0
        ? $"{ProxyOptions.Section}:{nameof(ProxyOptions.Known)} ({string.Join(", ", proxies.Value.Known)})"
        : server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault(IsExposed);

    internal static bool IsExposed(string address)
    {
        var binding = BindingAddress.Parse(address);
        return !binding.IsUnixPipe && !binding.IsNamedPipe
            && !Loopback.IsName(binding.Host);
    }
}
