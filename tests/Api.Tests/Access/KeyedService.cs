using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Api.Tests.Datasets;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Infrastructure.Access;

namespace NeuralCapacitance.Api.Tests.Access;

/// <summary>A service with the keys <c>reader</c>, <c>one</c> and <c>two</c>, who submit, <c>operator</c> and <c>admin</c>.</summary>
internal sealed class KeyedService(Isolation isolation) : IAsyncLifetime
{
    private readonly ServiceFixture _service = new(("Auth:Isolation", isolation.ToString()));
    private readonly Dictionary<string, string> _secrets = new(StringComparer.Ordinal);

    public ServiceFixture Service => _service;

    public async Task InitializeAsync()
    {
        await _service.InitializeAsync();
        var keys = _service.Services.GetRequiredService<ApiKeyStore>();
        foreach (var (name, role) in new[] { ("reader", Role.Read), ("one", Role.Submit), ("two", Role.Submit), ("operator", Role.Operate), ("admin", Role.Admin) })
            _secrets[name] = (await keys.CreateAsync(name, role, expiresAt: null, Actor.Service, default)).Secret;
    }

    public Task DisposeAsync() => _service.DisposeAsync();

    public Task<HttpResponseMessage> GetAsync(string key, string path) => SendAsync(key, HttpMethod.Get, path);

    public async Task<HttpResponseMessage> SendAsync(string key, HttpMethod method, string path, string? json = null)
    {
        using var request = Request(key, method, path);
        if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        return await _service.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public async Task<JobResponse> SubmitAsync(string key, string? spec = null)
    {
        using var response = await SendAsync(key, HttpMethod.Post, "/api/v1/jobs", spec ?? ServiceFixture.Spec());
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted, await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync<JobResponse>(ServiceFixture.Json))!;
    }

    public async Task UploadAsync(string key, string name)
    {
        using var response = await PostArchiveAsync(key, name);
        response.StatusCode.ShouldBe(HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
    }

    public async Task<HttpResponseMessage> PostArchiveAsync(string key, string name)
    {
        using var request = Request(key, HttpMethod.Post, $"/api/v1/datasets?name={name}");
        request.Content = new ByteArrayContent(Pictures.Zip(10));
        return await _service.Client.SendAsync(request);
    }

    public string SpecOn(string path) => JsonSerializer.Serialize(new
    {
        dataset = new { name = "image-folder", path },
        candidates = new[] { "resnet8", "cnn-small" },
        training = new { validation = 0.25, batchSize = 4 },
    });

    private HttpRequestMessage Request(string key, HttpMethod method, string path)
        => new(method, path) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", _secrets[key]) } };
}
