using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace NeuralCapacitance.Benchmarks.Load;

/// <summary>Something cheap that clients can do to the service, on purpose or by mistake.</summary>
/// <param name="Name">In the RESULT line.</param>
/// <param name="Title">In the table.</param>
/// <param name="RunAsync">Goes on until it is cancelled.</param>
internal sealed record Attack(string Name, string Title, Func<CancellationToken, Task> RunAsync)
{
    private const int SlowUploads = 20;

    /// <summary>What a spec may have at most, in bytes.</summary>
    private const int SpecBytes = 256 * 1024;

    /// <param name="large">A job with many candidates and epochs.</param>
    /// <returns>The one whose work outlasts it comes last.</returns>
    public static IEnumerable<Attack> All(HttpClient http, Guid large) =>
    [
        Hammer(http, "metrics", "50 clients scrape /metrics", 50, "/metrics"),
        Hammer(http, "jobs", "16 clients list jobs", 16, "/api/v1/jobs?limit=100"),
        Hammer(http, "datasets", "16 clients list data sets", 16, "/api/v1/datasets"),
        Hammer(http, "swagger", "16 clients read Swagger's document", 16, "/swagger/v1/swagger.json"),
        Post(http, "ones", "4 clients post specs of 256 KiB [1,1,…]", OnesSpec()),
        Post(http, "classes", "4 clients post specs of 38 057 classes", ClassesSpec()),
        new("uploads", $"{SlowUploads} uploads of 300 bytes a second", token => Task.WhenAll(Enumerable.Range(0, SlowUploads).Select(i => UploadSlowlyAsync(http.BaseAddress!, i, token)))),
        new("rankings", "20 rankings that nobody waits for", token => Task.WhenAll(Enumerable.Range(0, 20).Select(i => AbandonRankingAsync(http, large, i, token)))),
    ];

    private static Attack Hammer(HttpClient http, string name, string title, int clients, string path)
        => new(name, title, token => Task.WhenAll(Enumerable.Range(0, clients).Select(_ => RepeatAsync(() => http.GetAsync(path, token), token))));

    private static Attack Post(HttpClient http, string name, string title, string body) => new(name, title, token => Task.WhenAll(Enumerable.Range(0, 4).Select(_ => RepeatAsync(
        async () =>
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            return await http.PostAsync("/api/v1/jobs", content, token);
        },
        token))));

    private static async Task RepeatAsync(Func<Task<HttpResponseMessage>> send, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                using var response = await send();
            }
            catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && cancellationToken.IsCancellationRequested))
            {
                // The next one.
            }
        }
    }

    /// <summary>The two slowest predictors, at a window of its own.</summary>
    private static async Task AbandonRankingAsync(HttpClient http, Guid job, int number, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromMilliseconds(300));
        try
        {
            using var response = await http.GetAsync($"/api/v1/jobs/{job}/ranking?predictor=domhan,curve-similarity&observe={5 + number}", patience.Token);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            // That is the attack.
        }
        await Task.Delay(Timeout.Infinite, cancellationToken).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Begins anew when the service has enough of it.</summary>
    private static async Task UploadSlowlyAsync(Uri service, int number, CancellationToken cancellationToken)
    {
        var head = Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"POST /api/v1/datasets?name=slow-{number} HTTP/1.1\r\nHost: {service.Authority}\r\nContent-Type: application/zip\r\nContent-Length: 100000000\r\n\r\nPK\x03\x04"));
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(service.Host, service.Port, cancellationToken);
                await client.GetStream().WriteAsync(head, cancellationToken);
                while (true)
                {
                    await client.GetStream().WriteAsync(new byte[30], cancellationToken);
                    await Task.Delay(100, cancellationToken);
                }
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
            {
                // A moment later, or never again.
            }
        }
    }

    private static string OnesSpec()
    {
        const string head = """{"dataset":{"name":"synthetic"},"candidates":[1""";
        return $"{head}{string.Concat(Enumerable.Repeat(",1", (SpecBytes - head.Length - 2) / 2))}]}}";
    }

    private static string ClassesSpec()
        => $$$"""{"dataset":{"name":"image-folder","path":"x","classes":["{{{string.Join("\",\"", Enumerable.Range(0, 38_057).Select(ShortName))}}}"]},"candidates":["resnet8","cnn-small"]}""";

    private static string ShortName(int number)
    {
        const string digits = "0123456789abcdefghijklmnopqrstuvwxyz";
        return new([digits[number / 1296 % 36], digits[number / 36 % 36], digits[number % 36]]);
    }
}
