using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using NeuralCapacitance.Api.CommandLine;
using NeuralCapacitance.Api.Jobs;
using NeuralCapacitance.Api.Observations;
using NeuralCapacitance.Api.OpenApi;

namespace NeuralCapacitance.Api.Tests.CommandLine;

public sealed class ServiceClientTests
{
    [Fact]
    public async Task A_broken_event_stream_is_taken_up_after_the_last_event()
    {
        var asked = new List<string?>();
        await using var app = await StartAsync(async context =>
        {
            asked.Add(context.Request.Headers["Last-Event-ID"]);
            var observation = ((ObservationPage)Samples.Observations()).Items[0];
            if (asked.Count == 1)
            {
                await WriteAsync(context.Response, "observation", observation, observation.Id);
                return;
            }

            await WriteAsync(context.Response, "end", Samples.Job(), id: null);
        });
        using var http = app.GetTestClient();

        var events = await new ServiceClient(http).FollowAsync((JobResponse)Samples.Job(), CancellationToken.None).ToListAsync();

        var seen = events[0].ShouldBeOfType<ObservationResponse>();
        asked.ShouldBe([null, seen.Id.ToString(CultureInfo.InvariantCulture)]);
        events[1].ShouldBeOfType<JobResponse>();
        events.Count.ShouldBe(2);
    }

    private static async Task<WebApplication> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync();
        return app;
    }

    private static Task WriteAsync(HttpResponse response, string type, object data, long? id)
        => response.WriteAsync($"event: {type}\n{(id is null ? "" : $"id: {id}\n")}data: {JsonSerializer.Serialize(data, ServiceFixture.Json)}\n\n");
}
