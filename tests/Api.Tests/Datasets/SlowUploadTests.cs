using System.Net;
using System.Net.Sockets;
using System.Text;
using NeuralCapacitance.EndToEnd.Processes;
using NeuralCapacitance.Worker.Tests.Hosting;
using Serilog.Events;

namespace NeuralCapacitance.Api.Tests.Datasets;

/// <summary>Uploads that take up room, on a service of their own.</summary>
public sealed class SlowUploadTests : IAsyncLifetime
{
    private const string Address = "/api/v1/datasets";

    private readonly ServiceFixture _service = new(("Uploads:Deadline", "00:00:03"), ("Uploads:MaxAtOnce", "2"), ("Uploads:MaxAtOncePerClient", "2"));

    public Task InitializeAsync() => _service.InitializeAsync();

    public Task DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task An_upload_that_is_not_there_in_time_is_told_so_and_leaves_nothing()
    {
        using var sender = await BeginAsync("slow");

        var answer = await AnswerAsync(sender);

        answer.ShouldStartWith("HTTP/1.1 408 ");
        answer.ShouldContain("/problems/body-too-slow");
        answer.ShouldContain("Uploads:Deadline");
        await LeavesNothingAsync();
        (await _service.Client.GetAsync("/problems/body-too-slow")).StatusCode.ShouldBe(HttpStatusCode.OK);
        _service.Log.Events.ShouldNotContain(line => line.Level >= LogEventLevel.Error, "it is the client's affair");
    }

    [Fact]
    public async Task A_form_whose_file_never_begins_is_ended_too()
    {
        using var sender = await BeginAsync("form", "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"comment\"\r\n\r\n");

        (await AnswerAsync(sender)).ShouldStartWith("HTTP/1.1 408 ");
    }

    [Fact]
    public async Task One_more_than_may_is_told_when_to_come_back_and_let_in_when_slow_ones_are_ended()
    {
        using var first = await BeginAsync("first");
        using var second = await BeginAsync("second");
        await Eventually.Async("both to be under way", () => Task.FromResult(Leftovers().Count()), count => count == 2);

        using (var refused = await _service.UploadAsync("third", Pictures.Zip(2)))
        {
            var problem = await refused.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable, "too-many-uploads");
            problem.GetProperty("detail").GetString()!.ShouldContain("Uploads:MaxAtOnce");
            refused.Headers.RetryAfter?.Delta.ShouldNotBeNull().ShouldBeGreaterThan(TimeSpan.Zero);
        }

        await Eventually.Async("room", async () => await StatusAsync(), status => status == HttpStatusCode.Created);
        await LeavesNothingAsync();
    }

    private async Task<HttpStatusCode> StatusAsync()
    {
        using var response = await _service.UploadAsync("third", Pictures.Zip(2));
        return response.StatusCode;
    }

    /// <summary>Through the last member of the problem. The connection ends some seconds later, when the service has waited in vain for the rest of the body.</summary>
    private static async Task<string> AnswerAsync(TcpClient sender)
    {
        var (answer, buffer) = (new StringBuilder(), new byte[4_096]);
        while (!answer.ToString().Contains("traceId", StringComparison.Ordinal))
        {
            var read = await sender.GetStream().ReadAsync(buffer);
            if (read == 0) break;
            answer.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }

        return answer.ToString();
    }

    /// <summary>A request whose body goes no further.</summary>
    private async Task<TcpClient> BeginAsync(string name, string type = "application/zip", string body = "PK\u0003\u0004")
    {
        var client = new TcpClient();
        await client.ConnectAsync(_service.Address.Host, _service.Address.Port);
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(
            $"POST {Address}?name={name} HTTP/1.1\r\nHost: {_service.Address.Authority}\r\nContent-Type: {type}\r\nContent-Length: 100000\r\n\r\n{body}"));
        return client;
    }

    /// <summary>The answer is there before what was received is deleted.</summary>
    private Task LeavesNothingAsync() => Eventually.Async("what was received to be deleted", () => Task.FromResult(Leftovers().ToList()), left => left.Count == 0);

    private IEnumerable<string> Leftovers() => Directory.Exists(_service.Uploads) ? Directory.EnumerateFileSystemEntries(_service.Uploads, ".*") : [];
}

/// <summary>On a service whose disk has no room.</summary>
public sealed class FullDiskTests : IAsyncLifetime
{
    private readonly ServiceFixture _service = new(("Uploads:KeepFreeBytes", $"{long.MaxValue}"));

    public Task InitializeAsync() => _service.InitializeAsync();

    public Task DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task An_answer_tells_nothing_of_the_disk_and_the_log_does()
    {
        using var response = await _service.UploadAsync("pets", Pictures.Zip(2));
        var line = await _service.Log.RequestAsync(HttpMethod.Post, "/api/v1/datasets");

        var problem = (await response.ShouldBeProblemAsync(HttpStatusCode.InsufficientStorage, "insufficient-storage")).ToString();
        problem.ShouldNotContain(Path.GetDirectoryName(_service.Uploads)!);
        problem.ShouldNotContain("free;");
        LogSink.Text(line, "Cause").ShouldNotBeNull().ShouldContain(_service.Uploads);
    }
}
