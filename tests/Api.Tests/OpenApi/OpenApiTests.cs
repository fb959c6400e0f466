using System.Net;
using System.Text.Json;

namespace NeuralCapacitance.Api.Tests.OpenApi;

[Collection(ServiceCollectionDefinition.Name)]
public sealed class OpenApiTests(ServiceFixture service)
{
    private const string Address = "/swagger/v1/swagger.json";

    [Fact]
    public async Task Every_operation_has_a_summary_and_an_example()
    {
        foreach (var (name, operation) in await OperationsAsync())
        {
            operation.TryGetProperty("summary", out var summary).ShouldBeTrue(name);
            summary.GetString().ShouldNotBeNullOrWhiteSpace(name);
            var answers = operation.GetProperty("responses").EnumerateObject().ToList();
            answers.ShouldAllBe(answer => answer.Value.GetProperty("description").GetString() != "", name);
            Bodies(answers.Where(answer => answer.Name.StartsWith('2'))).ShouldAllBe(body => HasExample(body), name);
        }
    }

    [Fact]
    public async Task Every_error_is_declared_as_a_problem_with_an_example_that_has_its_type()
    {
        foreach (var (name, operation) in await OperationsAsync())
        {
            var errors = operation.GetProperty("responses").EnumerateObject().Where(answer => answer.Name[0] is '4' or '5').ToList();
            if (name.Contains("/api/v1/", StringComparison.Ordinal))
            {
                errors.Select(error => error.Name).ShouldContain("503", name);
            }

            foreach (var error in errors.Where(error => error.Value.TryGetProperty("content", out var content) && content.TryGetProperty("application/problem+json", out _)))
            {
                var examples = error.Value.GetProperty("content").GetProperty("application/problem+json").GetProperty("examples");
                examples.EnumerateObject().ShouldAllBe(example => example.Value.GetProperty("value").GetProperty("status").GetInt32() == int.Parse(error.Name), name);
            }
        }
    }

    [Theory]
    [InlineData("/api/v1/jobs", "post", "200 202 400 401 403 413 415 422 503")]
    [InlineData("/api/v1/jobs", "get", "200 400 401 403 503")]
    [InlineData("/api/v1/jobs/{id}", "get", "200 304 401 403 404 503")]
    [InlineData("/api/v1/jobs/{id}", "delete", "204 401 403 404 409 503")]
    [InlineData("/api/v1/jobs/{id}/cancel", "post", "202 401 403 404 503")]
    [InlineData("/api/v1/jobs/{id}/trials", "get", "200 401 403 404 503")]
    [InlineData("/api/v1/jobs/{id}/observations", "get", "200 400 401 403 404 503")]
    [InlineData("/api/v1/jobs/{id}/events", "get", "200 400 401 403 404 503")]
    [InlineData("/api/v1/datasets", "post", "200 201 400 401 403 409 413 415 503 507")]
    [InlineData("/api/v1/datasets/{name}", "get", "200 304 401 403 404 503")]
    [InlineData("/api/v1/datasets/{name}", "delete", "204 401 403 404 409 503")]
    [InlineData("/api/v1/datasets/{name}/contact-sheet", "get", "200 401 403 404 409 503")]
    [InlineData("/api/v1/jobs/{id}/finalize", "post", "202 400 401 403 404 409 413 415 422 503")]
    [InlineData("/api/v1/jobs/{id}/model", "get", "200 206 304 401 403 404 409 416 503")]
    [InlineData("/api/v1/jobs/{id}/model/snippet", "get", "200 401 403 404 409 503")]
    [InlineData("/api/v1/jobs/{id}/ranking", "get", "200 304 400 401 403 404 503")]
    [InlineData("/api/v1/jobs/{id}/report", "get", "200 304 401 403 404 503")]
    [InlineData("/api/v1/jobs/{id}/report.md", "get", "200 304 401 403 404 503")]
    [InlineData("/api/v1/jobs/{id}/plots/{file}", "get", "200 304 400 401 403 404 503")]
    public async Task The_status_codes_of_an_operation_are_all_declared(string path, string method, string codes)
    {
        var operation = (await OperationsAsync()).Single(found => found.Name == $"{method} {path}").Operation;

        operation.GetProperty("responses").EnumerateObject().Select(answer => answer.Name).Order().ShouldBe(codes.Split(' '));
    }

    [Fact]
    public async Task The_example_of_a_job_works_when_it_is_sent()
    {
        var post = (await OperationsAsync()).Single(found => found.Name == "post /api/v1/jobs").Operation;
        var example = post.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("example");

        using var response = await service.PostAsync("/api/v1/jobs", example.GetRawText());

        response.StatusCode.ShouldBe(HttpStatusCode.Accepted, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_UI_is_served()
    {
        var page = await service.Client.GetStringAsync("/swagger/index.html");

        page.ShouldContain("swagger-ui");
    }

    private async Task<IReadOnlyList<(string Name, JsonElement Operation)>> OperationsAsync()
    {
        var document = await service.GetAsync<JsonElement>(Address);
        return [.. document.GetProperty("paths").EnumerateObject().SelectMany(path =>
            path.Value.EnumerateObject().Select(operation => ($"{operation.Name} {path.Name}", operation.Value)))];
    }

    private static IEnumerable<JsonElement> Bodies(IEnumerable<JsonProperty> answers)
        => answers.Where(answer => answer.Value.TryGetProperty("content", out _))
            .SelectMany(answer => answer.Value.GetProperty("content").EnumerateObject().Select(body => body.Value));

    private static bool HasExample(JsonElement body) => body.TryGetProperty("example", out _) || body.TryGetProperty("examples", out _);
}
