using System.Net;
using System.Text.Json;

namespace NeuralCapacitance.Api.Tests.OpenApi;

[Collection(ServiceCollectionDefinition.Name)]
public sealed class OpenApiTests(ServiceFixture service)
{
    private const string Address = "/swagger/v1/swagger.json";

    [Fact]
    public async Task The_document_is_the_same_bytes_each_time_and_not_sent_to_who_has_it()
    {
        using var first = await service.Client.GetAsync(Address);
        using var second = await service.Client.GetAsync(Address);
        using var request = new HttpRequestMessage(HttpMethod.Get, Address);
        request.Headers.IfNoneMatch.Add(first.Headers.ETag.ShouldNotBeNull());
        using var third = await service.Client.SendAsync(request);

        (await second.Content.ReadAsByteArrayAsync()).ShouldBe(await first.Content.ReadAsByteArrayAsync());
        first.Content.Headers.ContentType?.MediaType.ShouldBe("application/json");
        third.StatusCode.ShouldBe(System.Net.HttpStatusCode.NotModified);
        (await third.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
    }

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
    [InlineData("/api/v1/jobs", "post", "200 202 400 401 403 413 415 422 429 503")]
    [InlineData("/api/v1/jobs", "get", "200 400 401 403 429 503")]
    [InlineData("/api/v1/jobs/{id}", "get", "200 304 401 403 404 429 503")]
    [InlineData("/api/v1/jobs/{id}", "delete", "204 401 403 404 409 429 503")]
    [InlineData("/api/v1/jobs/{id}/cancel", "post", "202 401 403 404 429 503")]
    [InlineData("/api/v1/jobs/{id}/trials", "get", "200 401 403 404 429 503")]
    [InlineData("/api/v1/jobs/{id}/observations", "get", "200 400 401 403 404 429 503")]
    [InlineData("/api/v1/jobs/{id}/events", "get", "200 400 401 403 404 429 503")]
    [InlineData("/api/v1/datasets", "post", "200 201 400 401 403 408 409 413 415 429 503 507")]
    [InlineData("/api/v1/datasets/{name}", "get", "200 304 401 403 404 429 503")]
    [InlineData("/api/v1/datasets/{name}", "delete", "204 401 403 404 409 429 503")]
    [InlineData("/api/v1/datasets/{name}/contact-sheet", "get", "200 401 403 404 409 429 503")]
    [InlineData("/api/v1/jobs/{id}/finalize", "post", "202 400 401 403 404 409 413 415 422 429 503")]
    [InlineData("/api/v1/jobs/{id}/model", "get", "200 206 304 401 403 404 409 416 429 503")]
    [InlineData("/api/v1/jobs/{id}/model/snippet", "get", "200 401 403 404 409 429 503")]
    [InlineData("/api/v1/retention", "get", "200 401 403 429 503")]
    [InlineData("/api/v1/keys", "post", "201 400 401 403 409 413 415 429 503")]
    [InlineData("/api/v1/keys/{name}/rotate", "post", "200 400 401 403 404 413 415 429 503")]
    [InlineData("/api/v1/keys/{name}", "delete", "204 401 403 404 429 503")]
    [InlineData("/api/v1/session", "get", "200 429 503")]
    [InlineData("/api/v1/session", "post", "200 400 401 403 413 415 429 503")]
    [InlineData("/api/v1/session", "delete", "204 403 429 503")]
    [InlineData("/api/v1/jobs/{id}/ranking", "get", "200 304 400 401 403 404 429 503")]
    [InlineData("/api/v1/jobs/{id}/report", "get", "200 304 401 403 404 429 503")]
    [InlineData("/api/v1/jobs/{id}/report.md", "get", "200 304 401 403 404 429 503")]
    [InlineData("/api/v1/jobs/{id}/plots/{file}", "get", "200 304 400 401 403 404 429 503")]
    [InlineData("/api/v1/jobs/{id}/deliveries", "get", "200 401 403 404 429 503")]
    [InlineData("/api/v1/jobs/{id}/deliveries/{delivery}/redeliver", "post", "202 401 403 404 429 503")]
    [InlineData("/api/v1/webhooks", "get", "200 401 403 409 429 503")]
    [InlineData("/api/v1/webhooks", "put", "200 400 401 403 409 413 415 429 503")]
    [InlineData("/api/v1/webhooks/rotate", "post", "200 401 403 429 503")]
    public async Task The_status_codes_of_an_operation_are_all_declared(string path, string method, string codes)
    {
        var operation = (await OperationsAsync()).Single(found => found.Name == $"{method} {path}").Operation;

        operation.GetProperty("responses").EnumerateObject().Select(answer => answer.Name).Order().ShouldBe(codes.Split(' '));
    }

    [Fact]
    public async Task Every_operation_that_takes_a_key_says_so_and_which_role_it_takes()
    {
        var document = await service.GetAsync<JsonElement>(Address);
        var scheme = document.GetProperty("components").GetProperty("securitySchemes").GetProperty("key");
        (scheme.GetProperty("type").GetString(), scheme.GetProperty("scheme").GetString()).ShouldBe(("http", "bearer"));

        foreach (var (name, operation) in await OperationsAsync())
        {
            var isOpen = !name.Contains("/api/v1/", StringComparison.Ordinal) || name.EndsWith("/session", StringComparison.Ordinal);
            operation.TryGetProperty("security", out var security).ShouldBe(!isOpen, name);
            if (isOpen) continue;
            security.EnumerateArray().ShouldHaveSingleItem().TryGetProperty("key", out _).ShouldBeTrue(name);
            operation.GetProperty("description").GetString()!.ShouldMatch("Takes the role `(read|submit|operate|admin)`", name);
        }
    }

    [Theory]
    [InlineData("get /api/v1/jobs", "read")]
    [InlineData("post /api/v1/jobs", "submit")]
    [InlineData("delete /api/v1/keys/{name}", "admin")]
    public async Task The_role_is_that_of_the_endpoint(string name, string role)
        => (await OperationsAsync()).Single(found => found.Name == name).Operation.GetProperty("description").GetString()!.ShouldEndWith($"Takes the role `{role}`.");

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
