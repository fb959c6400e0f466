namespace NeuralCapacitance.Client.Tests.Commands;

public sealed class WeightsCommandTests
{
    private const string List = """
        { "items": [
            { "weights": "file:zoo/resnet18.pth", "bytes": 46830571, "modifiedAt": "2026-03-01T12:00:00Z", "savedBy": null },
            { "weights": "file:weights/j/t.safetensors", "bytes": 1500000, "modifiedAt": "2026-03-01T12:00:00Z",
              "savedBy": { "jobId": "0196f3a2-5b1e-7c44-9d0a-1f2e3d4c5b6a", "jobName": "birds", "candidate": "eight", "backbone": "resnet8", "seed": 3 } }],
          "more": "there are more than 500 files; a job may name others" }
        """;

    private readonly Terminal _terminal = new();

    [Fact]
    public async Task Files_and_what_trials_saved_stand_in_one_table_and_that_it_is_not_all_is_said()
    {
        await using var service = await FakeService.StartAsync(FakeService.Json(List));

        (await _terminal.RunAsync(["weights", "--url", service.Address.ToString()])).ShouldBe(0, _terminal.Notes);

        service.Requests[0].Path.ShouldBe("/api/v1/weights");
        _terminal.Output.ShouldContain("file:zoo/resnet18.pth");
        _terminal.Output.ShouldContain("46.8");
        _terminal.Output.ShouldContain("eight of birds");
        _terminal.Notes.ShouldContain("Not all are listed: there are more than 500 files; a job may name others.");
    }

    [Fact]
    public async Task Programs_get_what_the_service_says()
    {
        await using var service = await FakeService.StartAsync(FakeService.Json(List));

        (await _terminal.RunAsync(["weights", "--json", "--url", service.Address.ToString()])).ShouldBe(0, _terminal.Notes);

        using var written = System.Text.Json.JsonDocument.Parse(_terminal.Output);
        written.RootElement.GetProperty("items")[1].GetProperty("savedBy").GetProperty("backbone").GetString().ShouldBe("resnet8");
    }
}
