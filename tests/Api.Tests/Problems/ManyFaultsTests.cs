using System.Net;
using System.Text;

namespace NeuralCapacitance.Api.Tests.Problems;

[Collection(ServiceCollectionDefinition.Name)]
public sealed class ManyFaultsTests(ServiceFixture service)
{
    private const string Jobs = "/api/v1/jobs";
    private const int MostBytes = 256 * 1024;

    /// <summary>Of an answer: fifty faults, each with what would be accepted, and once more as a sentence.</summary>
    private const int Allowance = 128 * 1024;

    [Fact]
    public async Task A_quarter_megabyte_of_ones_is_answered_in_a_few_lines()
    {
        var body = Filled("""{ "dataset": { "name": "synthetic" }, "candidates": [1""", ",1", "] }");
        using var response = await service.PostAsync(Jobs, body);

        var problem = await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-job-spec");
        problem.Paths().ShouldBe(["candidates"]);
        problem.GetProperty("detail").GetString().ShouldBe($"`candidates` has {(body.Length - 54) / 2} candidates.");
    }

    [Fact]
    public async Task Of_many_faults_the_first_fifty_are_told_and_that_there_are_more()
    {
        var fields = string.Join(',', Enumerable.Range(0, 5_000).Select(i => $"\"x{i}\": 1"));
        using var response = await service.PostAsync(Jobs, $$"""{ "dataset": { "name": "synthetic" }, "candidates": ["resnet8", "cnn-small"], {{fields}} }""");

        var problem = await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-job-spec");
        problem.Paths().ShouldBe(Enumerable.Range(0, 50).Select(i => $"x{i}"));
        problem.GetProperty("moreErrors").GetBoolean().ShouldBeTrue();
        problem.GetProperty("detail").GetString().ShouldEndWith(" There are more faults: these are the first 50.");
    }

    [Fact]
    public async Task Few_faults_are_not_said_to_be_more()
    {
        using var response = await service.PostAsync(Jobs, """{ "dataset": { "name": "synthetic" }, "candidates": ["resnet8", 1] }""");

        var problem = await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-job-spec");
        problem.TryGetProperty("moreErrors", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("[1", ",1", "]")]
    [InlineData("{ \"dataset\": { \"name\": \"synthetic\", \"classes\": [1", ",1", "] } }")]
    [InlineData("{ \"dataset\": { \"name\": \"synthetic\", \"classes\": [\"x\"", ",\"x\"", "] } }")]
    [InlineData("{ \"candidates\": [{}", ",{}", "] }")]
    [InlineData("{ \"probe\": { \"hidden\": [0", ",0", "] } }")]
    [InlineData("{ \"a\": 1", ",\"a\":1", "}")]
    [InlineData("{ \"training\": { \"a\": 1", ",\"a\":1", "} }")]
    [InlineData("{ \"name\": \"", "€", "\" }")]
    [InlineData("{ \"", "k", "\": 1 }")]
    [InlineData("{ \"a\": ", "b", " }")]
    [InlineData("", "x", "")]
    [InlineData("{ \"dataset\": { \"name\": \"", "-x", "\" }, \"candidates\": [\"resnet\"] }")]
    public async Task What_is_answered_is_never_much_longer_than_what_was_sent(string begin, string middle, string end)
    {
        var body = Filled(begin, middle, end);
        using var response = await service.PostAsync(Jobs, body);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsByteArrayAsync()).Length.ShouldBeLessThan((2 * Encoding.UTF8.GetByteCount(body)) + Allowance);
    }

    /// <summary>As long as a spec may be, nearly.</summary>
    private static string Filled(string begin, string middle, string end)
    {
        var size = Encoding.UTF8.GetByteCount(middle);
        return new StringBuilder(begin).Insert(begin.Length, middle, (MostBytes - begin.Length - end.Length) / size).Append(end).ToString();
    }
}
