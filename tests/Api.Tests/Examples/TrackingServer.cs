using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace NeuralCapacitance.Api.Tests.Examples;

/// <summary>So much of MLflow's tracking server as its REST API 2.0 documents of the calls that are used here; what breaks its rules is refused with 400.</summary>
internal sealed class TrackingServer : IAsyncDisposable
{
    private const int MostMetrics = 1000, MostParams = 100;

    private readonly WebApplication _app;
    private readonly Dictionary<string, string> _experiments = new(StringComparer.Ordinal);

    private TrackingServer(WebApplication app) => _app = app;

    public Dictionary<string, Run> Runs { get; } = new(StringComparer.Ordinal);

    public string Address => _app.Urls.First();

    public static async Task<TrackingServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new TrackingServer(builder.Build());
        server.Map();
        await server._app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private void Map()
    {
        var api = _app.MapGroup("/api/2.0/mlflow");
        api.MapGet("/experiments/get-by-name", (string experiment_name) => _experiments.TryGetValue(experiment_name, out var id)
            ? Results.Json(new { experiment = new { experiment_id = id, name = experiment_name } })
            : Results.Json(new { error_code = "RESOURCE_DOES_NOT_EXIST" }, statusCode: StatusCodes.Status404NotFound));
        api.MapPost("/experiments/create", (JsonObject body) => Results.Json(new { experiment_id = _experiments[(string)body["name"]!] = (_experiments.Count + 1).ToString() }));
        api.MapPost("/runs/create", (JsonObject body) =>
        {
            if (!_experiments.ContainsValue((string)body["experiment_id"]!)) return Results.BadRequest("unknown experiment");
            body["start_time"]!.GetValue<long>().ShouldBePositive();
            var id = Guid.NewGuid().ToString("N");
            Runs[id] = new Run((string)body["run_name"]!);
            foreach (var tag in body["tags"]!.AsArray()) Runs[id].Tags[(string)tag!["key"]!] = (string)tag["value"]!;
            return Results.Json(new { run = new { info = new { run_id = id, status = "RUNNING" } } });
        });
        api.MapPost("/runs/log-batch", (JsonObject body) => Log(body));
        api.MapPost("/runs/update", (JsonObject body) =>
        {
            if (!Runs.TryGetValue((string)body["run_id"]!, out var run)) return Results.BadRequest("unknown run");
            body["end_time"]!.GetValue<long>().ShouldBePositive();
            run.Status = (string)body["status"]!;
            return Results.Json(new { });
        });
    }

    private IResult Log(JsonObject body)
    {
        var (metrics, parameters) = (body["metrics"]?.AsArray() ?? [], body["params"]?.AsArray() ?? []);
        if (!Runs.TryGetValue((string)body["run_id"]!, out var run)) return Results.BadRequest("unknown run");
        if (metrics.Count > MostMetrics || parameters.Count > MostParams) return Results.BadRequest("too much for one batch");
        foreach (var one in parameters)
        {
            if (!run.Params.TryAdd((string)one!["key"]!, (string)one["value"]!)) return Results.BadRequest("a param is written once");
        }

        foreach (var one in metrics)
        {
            var key = (string)one!["key"]!;
            if (!key.All(c => char.IsLetterOrDigit(c) || "_-. /".Contains(c))) return Results.BadRequest($"{key} is no name of a metric");
            if (one["timestamp"]!.GetValue<long>() <= 0) return Results.BadRequest("a timestamp is in milliseconds");
            run.Metrics.Add((key, one["value"]!.GetValue<double>(), one["step"]!.GetValue<long>()));
        }

        return Results.Json(new { });
    }

    /// <summary>What was logged of one.</summary>
    internal sealed record Run(string Name)
    {
        public Dictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, string> Params { get; } = new(StringComparer.Ordinal);

        public List<(string Key, double Value, long Step)> Metrics { get; } = [];

        public string Status { get; set; } = "RUNNING";
    }
}
