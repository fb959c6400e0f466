using System.Net;
using System.Text;
using System.Text.Json;

namespace NeuralCapacitance.Api.Tests.Jobs;

/// <summary>No answer says where on the machine something lies: neither to a spec that names broken data or weights, nor in what is listed.</summary>
[Collection(ServiceCollectionDefinition.Name)]
public sealed class ToldPathsTests(ServiceFixture service)
{
    private const string Jobs = "/api/v1/jobs";

    public static TheoryData<string, object> BrokenData => new()
    {
        { "told-empty/readme.md", new { name = "image-folder", path = "told-empty" } },
        { "told-one/cat/1.jpg", new { name = "image-folder", path = "told-one" } },
        { "told-test/test/cat/1.jpg", new { name = "image-folder", path = "told-test" } },
        { "told-part/data_batch_1.bin", new { name = "cifar10", path = "told-part" } },
        { "told-file", new { name = "image-folder", path = "told-file" } },
        { "told-hidden/x", new { name = "image-folder", path = "no/such/folder" } },
        { "told-hidden/y", new { name = "image-folder", path = "../../etc" } },
    };

    [Theory]
    [MemberData(nameof(BrokenData))]
    public async Task A_spec_with_data_that_cannot_be_used_is_answered_without_the_root_s_path(string file, object dataset)
    {
        Write(file, [1, 2, 3]);
        var spec = JsonSerializer.Serialize(new { dataset, candidates = new[] { "resnet8", "cnn-small" } });

        using var refused = await service.PostAsync(Jobs, spec);
        using var estimated = await service.PostAsync($"{Jobs}?dryRun=true", spec);

        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        ShouldNameNoPlace(await refused.Content.ReadAsStringAsync());
        ShouldNameNoPlace(await estimated.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("resnet8", "told-cut.pth")]
    [InlineData("resnet8", "told-none.pth")]
    [InlineData("resnet8", "../../../etc/passwd")]
    [InlineData("torchscript", "told-cut.pth")]
    [InlineData("torchscript", "told-none.pth")]
    public async Task A_spec_with_weights_that_cannot_be_used_is_too(string backbone, string file)
    {
        Write("told-cut.pth", Encoding.UTF8.GetBytes("PK\x03\x04 and no more"));
        var spec = JsonSerializer.Serialize(new
        {
            dataset = new { name = "synthetic", synthetic = new { classes = 4, trainImages = 400, testImages = 100 } },
            candidates = new object[] { "resnet8", new { backbone, weights = $"file:{file}" } },
        });

        using var refused = await service.PostAsync(Jobs, spec);

        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var text = await refused.Content.ReadAsStringAsync();
        text.ShouldContain(file.Split('/')[^1]);
        ShouldNameNoPlace(text);
    }

    [Fact]
    public async Task What_is_listed_and_looked_at_is_told_without_it()
    {
        Write("told-listed/cat/1.jpg", [1]);
        Write("told-listed/dog/1.jpg", [2]);
        Write("told-train/test/cat/1.jpg", [1]);

        ShouldNameNoPlace(await service.Client.GetStringAsync("/api/v1/datasets"));
        ShouldNameNoPlace(await service.Client.GetStringAsync("/api/v1/datasets/told-listed"));
        ShouldNameNoPlace(await service.Client.GetStringAsync("/api/v1/backbones"));
    }

    private void ShouldNameNoPlace(string answer)
    {
        answer.ShouldNotContain(service.DataRoot);
        answer.ShouldNotContain(Path.GetDirectoryName(service.DataRoot)!);
        answer.ShouldNotContain(AppContext.BaseDirectory.TrimEnd('/'));
    }

    private void Write(string file, byte[] content)
    {
        var path = Path.Combine(service.DataRoot, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
    }
}
