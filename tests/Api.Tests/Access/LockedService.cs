using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Infrastructure.Access;

namespace NeuralCapacitance.Api.Tests.Access;

/// <summary>A service that knows keys, and a client that keeps no cookies.</summary>
public sealed class LockedService : IAsyncLifetime
{
    private readonly ServiceFixture _service;
    private HttpClient? _client;

    public LockedService() : this([])
    {
    }

    internal LockedService(params (string Key, string Value)[] settings) => _service = new(settings);

    /// <summary>Of the role `admin`.</summary>
    public string Admin { get; private set; } = "";

    internal ServiceFixture Service => _service;

    internal ApiKeyStore Keys => _service.Services.GetRequiredService<ApiKeyStore>();

    private HttpClient Client => _client ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync()
    {
        await _service.InitializeAsync();
        _client = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = _service.Address };
        Admin = await KeyAsync("root", Role.Admin);
    }

    public async Task DisposeAsync()
    {
        _client?.Dispose();
        await _service.DisposeAsync();
    }

    /// <returns>The secret of a new key.</returns>
    public async Task<string> KeyAsync(string name, Role role, DateTimeOffset? expiresAt = null) => (await Keys.CreateAsync(name, role, expiresAt, Actor.Service, default)).Secret;

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? secret = null, string? json = null, string? cookie = null, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path);
        if (secret is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        if (cookie is not null) request.Headers.Add("Cookie", cookie);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        return Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
