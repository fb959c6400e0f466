using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace NeuralCapacitance.Api.Tests;

internal static class ProblemAssertions
{
    /// <summary>The answer is problem+json of this status and type; returns it.</summary>
    public static async Task<JsonElement> ShouldBeProblemAsync(this HttpResponseMessage response, HttpStatusCode status, string slug)
    {
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(status, text);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json", text);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("type").GetString().ShouldBe($"/problems/{slug}");
        problem.GetProperty("status").GetInt32().ShouldBe((int)status);
        problem.GetProperty("title").GetString().ShouldNotBeNullOrWhiteSpace();
        problem.GetProperty("detail").GetString().ShouldNotBeNullOrWhiteSpace();
        return problem;
    }

    public static IReadOnlyList<string> Paths(this JsonElement problem)
        => [.. problem.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("path").GetString()!)];
}
