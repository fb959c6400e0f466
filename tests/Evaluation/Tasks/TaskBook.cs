using System.Text.Json;
using System.Text.Json.Nodes;
using NeuralCapacitance.Evaluation.Experiments;

namespace NeuralCapacitance.Evaluation.Tasks;

/// <summary>What is known of runs, from a corpus beside their curves or from a CSV of kinds.</summary>
public sealed class TaskBook
{
    private static readonly string[] CorpusFiles = ["corpus.json", "tasks.json"];

    private readonly Dictionary<string, TaskFacts> _facts;

    private TaskBook(Dictionary<string, TaskFacts> facts) => _facts = facts;

    public static TaskBook Empty { get; } = new([]);

    /// <summary>The corpus in the folder of the curves or in the one above; empty where there is none.</summary>
    /// <exception cref="FormatException">It is no corpus; names the file.</exception>
    public static TaskBook Beside(FileInfo curves)
    {
        DirectoryInfo? folder = curves.Directory;
        var candidates = from place in new[] { folder, folder?.Parent }
                         where place is not null
                         from name in CorpusFiles
                         select Path.Combine(place.FullName, name);
        return candidates.FirstOrDefault(File.Exists) is { } path ? OfCorpus(path) : Empty;
    }

    /// <summary>Columns <c>run,task,images,source,dataset,aside,collection</c>, of which all but the first may be blank or missing.</summary>
    /// <exception cref="FormatException">A column is missing or a cell is no number; names file, line and column.</exception>
    public static TaskBook OfKinds(FileInfo file)
    {
        var facts = new Dictionary<string, TaskFacts>(StringComparer.Ordinal);
        foreach (TableRow row in TableRow.Read(file.FullName))
        {
            string run = row.Text("run");
            facts[run] = new TaskFacts(
                row.Find("task") ?? TaskFacts.TaskOf(run),
                (int?)row.Optional("images"),
                row.Find("source"),
                row.Find("dataset"),
                row.Find("aside") switch
                {
                    null or "no" => false,
                    "yes" => true,
                    _ => throw row.Fault("aside", "is neither 'yes' nor 'no'"),
                })
            { Collection = row.Find("collection") };
        }

        return new TaskBook(facts);
    }

    /// <summary>What this book says; where it says nothing, what <paramref name="other"/> says.</summary>
    public TaskBook Or(TaskBook other)
        => new(other._facts.Concat(_facts).GroupBy(f => f.Key, StringComparer.Ordinal).ToDictionary(f => f.Key, f => f.Last().Value, StringComparer.Ordinal));

    /// <summary>An entry of this run, or of its task; else only the task that its name tells.</summary>
    public TaskFacts Of(string run) => Find(run) ?? new TaskFacts(TaskFacts.TaskOf(run));

    /// <summary>An entry of this run, or of its task; null: there is neither.</summary>
    public TaskFacts? Find(string run) => _facts.GetValueOrDefault(run) ?? _facts.GetValueOrDefault(TaskFacts.TaskOf(run));

    private static TaskBook OfCorpus(string path)
    {
        try
        {
            JsonObject corpus = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
            return new TaskBook(corpus["tasks"]!.AsArray().Select(task => Facts(corpus, task!.AsObject())).ToDictionary(f => f.Task, StringComparer.Ordinal));
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or NullReferenceException or FormatException)
        {
            throw new FormatException($"{path} is no corpus: an object with 'defaults' and a list 'tasks' of objects with 'name' and 'spec' is needed ({fault.Message})", fault);
        }
    }

    private static TaskFacts Facts(JsonObject corpus, JsonObject task) => OfSpec((string)task["name"]!, CorpusExperiment.SpecOf(corpus, task)) with
    {
        Source = (string?)task["source"] ?? TaskFacts.Scratch,
        IsAside = (bool?)task["aside"] == true,
    };

    /// <summary>What a job's spec says of the runs that it makes.</summary>
    public static TaskFacts OfSpec(string name, JsonObject spec) => new(
        name,
        (int?)spec["training"]?["trainLimit"],
        Source(spec["candidates"]?.AsArray()),
        spec["dataset"]?.ToJsonString())
    {
        Collection = (string?)spec["dataset"]?["path"] ?? (string?)spec["dataset"]?["name"],
    };

    /// <summary>The first candidate tells: candidates of one job start from the same, or the job is no fair comparison.</summary>
    private static string? Source(JsonArray? candidates) => (string?)(candidates?.FirstOrDefault() as JsonObject)?["weights"] switch
    {
        "random" => TaskFacts.Scratch,
        { } file when file.StartsWith("file:", StringComparison.Ordinal) => "file",
        var weights => weights,
    };
}
