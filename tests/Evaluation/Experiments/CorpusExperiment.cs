using System.Globalization;
using System.Text.Json.Nodes;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Evaluation.Curves;
using NeuralCapacitance.Evaluation.Tasks;

namespace NeuralCapacitance.Evaluation.Experiments;

/// <summary>
/// Many tasks with the same candidates, run by the product itself. <c>corpus.json</c> has <c>defaults</c> (a job spec), <c>sources</c>
/// (pretrainings: what differs from the defaults) and <c>tasks</c> (likewise, with the source whose weights they start from, if any), and
/// <c>candidateSets</c> lists of candidates that tasks name.
/// A task whose curves are stored is not run again.
/// </summary>
internal sealed class CorpusExperiment(Service service, DirectoryInfo folder)
{
    private readonly JsonObject _corpus = JsonNode.Parse(File.ReadAllText(Path.Combine(folder.FullName, "corpus.json")))!.AsObject();
    private readonly Dictionary<string, Task<IReadOnlyDictionary<string, string>>> _sources = new(StringComparer.Ordinal);

    /// <summary>Submits all tasks that are missing, the first ones with the highest priority, and stores the curves of each as it ends.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var tasks = _corpus["tasks"]!.AsArray().Select(t => t!.AsObject()).Index().Where(t => !File.Exists(CurvesOf(Name(t.Item)))).ToList();
        await Task.WhenAll(tasks.Select(t => RunAsync(t.Item, priority: -t.Index, cancellationToken)));
    }

    private async Task RunAsync(JsonObject task, int priority, CancellationToken cancellationToken)
    {
        var job = await service.RunAsync(await SpecAsync(task, priority, cancellationToken), cancellationToken);
        await WriteScoresAsync(task, job, repeat => Run(task, repeat), cancellationToken);
        CurveFile.Write(CurvesOf(Name(task)), [.. (await service.ObservationsAsync(job, cancellationToken)).Select(o => ObservedRow.Of(o, Run(task, (int)o["repeat"]!)))
            .OrderBy(r => r.Run, StringComparer.Ordinal).ThenBy(r => r.Model, StringComparer.Ordinal).ThenBy(r => r.Epoch)]);
    }

    /// <summary>
    /// Measures the training-free scores of the tasks that have none stored (curves of an older service, say). Scores come before
    /// training and from the first images, so that a short job of no more images than β_eff is measured on gives those of the whole one.
    /// </summary>
    public async Task ScoreAsync(CancellationToken cancellationToken)
    {
        var tasks = _corpus["tasks"]!.AsArray().Select(t => t!.AsObject()).Index().Where(t => !File.Exists(ScoresOf(t.Item))).ToList();
        await Task.WhenAll(tasks.Select(t => ScoreAsync(t.Item, priority: -t.Index, cancellationToken)));
    }

    private async Task ScoreAsync(JsonObject task, int priority, CancellationToken cancellationToken)
    {
        var spec = await SpecAsync(task, priority, cancellationToken);
        var training = spec["training"]!.AsObject();
        training["trainLimit"] = Math.Min((int)training["trainLimit"]!, (int)spec["probe"]!["samples"]!);
        training["repeats"] = 1;
        training["epochs"] = SelectionSpec.LeastObserve;
        spec["selection"]!["observe"] = SelectionSpec.LeastObserve;
        await WriteScoresAsync(task, await service.RunAsync(spec, cancellationToken), _ => Name(task), cancellationToken);
    }

    private async Task<JsonObject> SpecAsync(JsonObject task, int priority, CancellationToken cancellationToken)
    {
        var spec = SpecOf(_corpus, task);
        spec["name"] = Name(task);
        spec["priority"] = priority;
        if ((string?)task["source"] is { } source)
        {
            var weights = await SourceAsync(source, cancellationToken);
            spec["candidates"] = new JsonArray([.. spec["candidates"]!.AsArray().Select(name => (JsonNode)StartFrom((string)name!, weights))]);
        }
        return spec;
    }

    /// <summary>Before the curves, whose file says that the task is done.</summary>
    /// <param name="nameOf">The run of a repeat.</param>
    private async Task WriteScoresAsync(JsonObject task, string job, Func<int, string> nameOf, CancellationToken cancellationToken)
    {
        var scores = await service.ScoresAsync(job, cancellationToken);
        if (scores.Count == 0) return;
        string path = ScoresOf(task);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllLinesAsync(path, ScoreTable.Lines(scores.Select(s => (nameOf(s.Repeat), s.Model, s.Score, s.Value))), cancellationToken);
    }

    /// <summary>Candidate → weights, trained once however many tasks start from them.</summary>
    private Task<IReadOnlyDictionary<string, string>> SourceAsync(string name, CancellationToken cancellationToken)
    {
        lock (_sources)
        {
            return _sources.TryGetValue(name, out var running) ? running : _sources[name] = PretrainAsync(name, cancellationToken);
        }
    }

    private async Task<IReadOnlyDictionary<string, string>> PretrainAsync(string name, CancellationToken cancellationToken)
    {
        var spec = Merged(_corpus["defaults"]!.AsObject(), _corpus["sources"]![name]!.AsObject());
        spec["name"] = $"source {name}";
        spec["priority"] = 1;
        spec["training"]!["saveWeights"] = true;
        return await service.WeightsAsync(await service.RunAsync(spec, cancellationToken), cancellationToken);
    }

    private string ScoresOf(JsonObject task) => Path.Combine(folder.FullName, "scores", $"{Name(task)}.csv");

    private string CurvesOf(string task) => Path.Combine(folder.FullName, "curves", $"{task}.csv");

    private static string Name(JsonObject task) => (string)task["name"]!;

    private static string Run(JsonObject task, int repeat)
        => (int?)task["spec"]!["training"]!["repeats"] is > 1 ? string.Create(CultureInfo.InvariantCulture, $"{Name(task)}-r{repeat}") : Name(task);

    private static JsonObject StartFrom(string backbone, IReadOnlyDictionary<string, string> weights)
        => new() { ["name"] = backbone, ["backbone"] = backbone, ["weights"] = weights[backbone] };

    /// <summary>The defaults with what the task changes; candidates may be the name of one of <c>candidateSets</c>.</summary>
    internal static JsonObject SpecOf(JsonObject corpus, JsonObject task)
    {
        var spec = Merged(corpus["defaults"]?.AsObject() ?? [], task["spec"]!.AsObject());
        if (spec["candidates"] is JsonValue set) spec["candidates"] = corpus["candidateSets"]![(string)set!]!.DeepClone();
        return spec;
    }

    /// <summary>Objects are merged field by field; anything else in <paramref name="changes"/> takes the place of what was there.</summary>
    private static JsonObject Merged(JsonObject defaults, JsonObject changes)
    {
        var merged = defaults.DeepClone().AsObject();
        foreach (var (key, value) in changes)
            merged[key] = value is JsonObject inner && merged[key] is JsonObject outer ? Merged(outer, inner) : value?.DeepClone();
        return merged;
    }
}
