using NeuralCapacitance.Client.Models;

namespace NeuralCapacitance.Client;

/// <summary>
/// A client of the service. Safe to use from several threads. Methods throw <see cref="ServiceException"/> where the service refuses,
/// <see cref="HttpRequestException"/> or <see cref="TimeoutException"/> where it cannot be reached.
/// </summary>
public sealed class NeuralCapacitanceClient : IDisposable
{
    private const string Prefix = "api/v1";

    private readonly HttpClient _http;
    private readonly Transport _transport;

    /// <param name="address">Where the service is, with the prefix that a proxy serves it under: <c>https://ml.example.org/ranking</c>.</param>
    /// <exception cref="ArgumentException">The address is no absolute HTTP address.</exception>
    public NeuralCapacitanceClient(Uri address, ClientOptions? options = null)
        // A connection is looked up anew now and then, so that a service that moves is found.
        : this(new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(15), PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { BaseAddress = Checked(address) }, options)
    {
    }

    /// <param name="http">With a base address; disposed of with the client. Its timeout is switched off: <see cref="ClientOptions.RequestTimeout"/> bounds what should be bounded.</param>
    public NeuralCapacitanceClient(HttpClient http, ClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        http.BaseAddress = WithSlash(Checked(http.BaseAddress));
        http.Timeout = Timeout.InfiniteTimeSpan;
        _http = http;
        _transport = new Transport(http, options ?? new ClientOptions());
        Jobs = new JobsClient(_transport);
        Datasets = new DatasetsClient(_transport);
    }

    /// <summary>Where the service is; ends with a slash.</summary>
    public Uri Address => _transport.Address;

    public JobsClient Jobs { get; }

    public DatasetsClient Datasets { get; }

    /// <summary>The backbones that a job can name.</summary>
    public Task<BackboneList> GetBackbonesAsync(CancellationToken cancellationToken = default)
        => _transport.ReadAsync<BackboneList>(() => Transport.Get($"{Prefix}/backbones"), cancellationToken);

    /// <summary>The predictors that a job or a ranking can name.</summary>
    public async Task<IReadOnlyList<Predictor>> GetPredictorsAsync(CancellationToken cancellationToken = default)
        => (await _transport.ReadAsync<Items<Predictor>>(() => Transport.Get($"{Prefix}/predictors"), cancellationToken)).List;

    /// <summary>The service's own backbones as a Python module for PyTorch, which some models' snippets import.</summary>
    public async Task<string> GetPyTorchBackbonesAsync(CancellationToken cancellationToken = default)
    {
        using var response = await _transport.SendAsync(() => Transport.Get($"{Prefix}/backbones/pytorch_backbones.py"), _transport.Options.RequestTimeout, cancellationToken);
        return await response.Content.ReadAsStringAsync(cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private static Uri Checked(Uri? address) => address is { IsAbsoluteUri: true, Scheme: "http" or "https" }
        ? address
        : throw new ArgumentException($"'{address}' is no address of a service; http://HOST:PORT or https://HOST would be accepted.", nameof(address));

    /// <summary>Without it the last part of the path would be replaced.</summary>
    private static Uri WithSlash(Uri address) => address.AbsolutePath.EndsWith('/') ? address : new UriBuilder(address) { Path = $"{address.AbsolutePath}/" }.Uri;
}
