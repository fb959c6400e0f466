using System.Net;
using System.Text;
using System.Text.Json;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Api.Problems;

namespace NeuralCapacitance.Api.Tests.Problems;

[Collection(ServiceCollectionDefinition.Name)]
public sealed class ProblemTests(ServiceFixture service)
{
    private const string Jobs = "/api/v1/jobs";

    [Theory]
    [InlineData("/api/v1/nowhere")]
    [InlineData("/api/v2/jobs")]
    [InlineData("/api/v1/jobs/not-a-guid")]
    [InlineData("/nowhere.html")]
    public async Task An_unknown_address_is_a_problem(string path)
    {
        using var response = await service.Client.GetAsync(path);

        await response.ShouldBeProblemAsync(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task A_method_that_an_address_does_not_take_is_a_problem()
    {
        using var response = await service.Client.PutAsync(Jobs, content: null);

        await response.ShouldBeProblemAsync(HttpStatusCode.MethodNotAllowed, "method-not-allowed");
        response.Content.Headers.Allow.ShouldBe(["GET", "POST"], ignoreOrder: true);
    }

    [Fact]
    public async Task Malformed_JSON_is_refused_with_its_position()
    {
        using var response = await service.PostAsync(Jobs, "{\n  \"dataset\": { \"name\": synthetic }\n}");

        var problem = await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "malformed-json");
        problem.GetProperty("detail").GetString()!.ShouldStartWith("Line 2, column 24:");
    }

    [Fact]
    public async Task An_empty_body_is_refused()
    {
        using var response = await service.PostAsync(Jobs, "");

        await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "malformed-json");
    }

    [Fact]
    public async Task Every_fault_of_a_spec_is_reported_at_once_with_what_would_be_accepted()
    {
        using var response = await service.PostAsync(Jobs, """
            {
              "dataset": { "name": "image-folder", "path": "no/such/folder" },
              "candidates": ["resnet8", "resnet9000"],
              "training": { "epochs": 0, "optimizer": "adan" },
              "slection": {}
            }
            """);

        var problem = await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-job-spec");
        problem.Paths().ShouldBe(["dataset.path", "candidates[1]", "training.epochs", "training.optimizer", "slection"], ignoreOrder: true);
        foreach (var error in problem.GetProperty("errors").EnumerateArray())
        {
            error.EnumerateObject().Select(member => member.Name).ShouldBe(["path", "value", "problem", "accepted"]);
            error.GetProperty("accepted").GetString().ShouldNotBeNullOrWhiteSpace();
        }
    }

    [Fact]
    public async Task A_body_larger_than_any_spec_is_refused()
    {
        using var response = await service.PostAsync(Jobs, new string(' ', SpecBody.MaxBytes + 1));

        await response.ShouldBeProblemAsync(HttpStatusCode.RequestEntityTooLarge, "body-too-large");
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/octet-stream")]
    [InlineData(null)]
    public async Task What_is_JSON_is_read_whatever_its_media_type(string? type)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(ServiceFixture.Spec()));
        content.Headers.ContentType = type is null ? null : new(type);
        using var response = await service.Client.PostAsync(Jobs, content);

        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task A_form_is_refused_with_how_to_send_the_spec()
    {
        using var content = new MultipartFormDataContent { { new StringContent(ServiceFixture.Spec()), "spec" } };
        using var response = await service.Client.PostAsync(Jobs, content);

        (await response.ShouldBeProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported-media-type")).GetProperty("detail").GetString()!.ShouldContain("curl --json @spec.json");
    }

    [Fact]
    public async Task Every_problem_type_can_be_looked_up()
    {
        foreach (var type in ProblemTypes.All)
        {
            var described = await service.GetAsync<JsonElement>(type.Uri);
            described.GetProperty("status").GetInt32().ShouldBe(type.Status);
        }
    }
}
