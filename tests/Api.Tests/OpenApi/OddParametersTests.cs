using System.Text.Json;
using NeuralCapacitance.Api.Jobs;

namespace NeuralCapacitance.Api.Tests.OpenApi;

/// <summary>Every parameter of every GET in the document, with texts that a database, a clock or a number may stumble over.</summary>
[Collection(ServiceCollectionDefinition.Name)]
public sealed class OddParametersTests(ServiceFixture service)
{
    private static readonly string[] OddTexts =
    [
        "a%00b", "%ff", "%ED%A0%80", "%F0%9F%98%80", "-1", "99999999999999999999", "1e999", "NaN", "", "..%2F..", new('a', 5_000),
        "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00", "neural-capacitance:5:99999999999", "%0d%0aX:1", "%E2%80%AE",
    ];

    [Fact]
    public async Task None_of_them_fails_inside_the_service()
    {
        var job = await service.SubmitAsync();
        var document = await service.GetAsync<JsonElement>("/swagger/v1/swagger.json");
        var addresses = document.GetProperty("paths").EnumerateObject()
            .Where(path => path.Value.TryGetProperty("get", out _) && !path.Name.EndsWith("/events", StringComparison.Ordinal))
            .SelectMany(path => Addresses(path.Name, path.Value.GetProperty("get"), job)).ToList();

        addresses.Count.ShouldBeGreaterThan(30 * OddTexts.Length);
        foreach (var address in addresses)
        {
            using var answer = await service.Client.GetAsync(address);
            ((int)answer.StatusCode).ShouldBeLessThan(500, address);
        }

        (await service.PostAsync(job.Links.Cancel, "")).Dispose();
    }

    /// <summary>One for each parameter and text; the other parameters of the path are the job's.</summary>
    private static IEnumerable<string> Addresses(string path, JsonElement operation, JobResponse job)
    {
        if (!operation.TryGetProperty("parameters", out var parameters)) return [];
        return
            from parameter in parameters.EnumerateArray()
            let name = parameter.GetProperty("name").GetString()!
            from text in OddTexts
            select parameter.GetProperty("in").GetString() == "path"
                ? Filled(path.Replace($"{{{name}}}", text, StringComparison.Ordinal), job)
                : $"{Filled(path, job)}?{name}={text}";
    }

    private static string Filled(string path, JobResponse job)
        => path.Replace("{id}", job.Id.ToString(), StringComparison.Ordinal).Replace("{file}", "curves.svg", StringComparison.Ordinal);
}
