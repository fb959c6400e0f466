using System.Text.Json.Nodes;
using NeuralCapacitance.Domain.Curves;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Evaluation.Rankings;
using NeuralCapacitance.Evaluation.Tasks;

namespace NeuralCapacitance.Evaluation.Experiments;

/// <summary>Finished jobs of a running service as tasks: every repeat a run.</summary>
internal sealed class RecordedJobs(Service service)
{
    /// <param name="jobs">Ids; none: every job of mode <c>full</c> that has succeeded.</param>
    /// <param name="kinds">Go before what a job's spec says.</param>
    /// <exception cref="FormatException">A job has no test accuracies, so nothing to be held against.</exception>
    public async Task<IReadOnlyList<EvaluationTask>> ReadAsync(IReadOnlyList<string> jobs, TaskBook kinds, ScoreTable scores, CancellationToken cancellationToken)
    {
        IReadOnlyList<JsonNode> found = jobs.Count == 0 ? await service.FullJobsAsync(cancellationToken) : await service.JobsAsync(jobs, cancellationToken);
        var named = found.Select(job => (Job: job, Name: (string?)job["name"] is { Length: > 0 } name ? name : (string)job["id"]!)).ToList();
        HashSet<string> twice = [.. named.CountBy(j => j.Name, StringComparer.Ordinal).Where(n => n.Value > 1).Select(n => n.Key)];
        var tasks = new List<EvaluationTask>();
        foreach ((JsonNode job, string name) in named)
        {
            string task = (twice.Contains(name) ? $"{name} {(string)job["id"]!}" : name).Replace(',', ' ');
            IReadOnlyList<JsonNode> observations = await service.ObservationsAsync((string)job["id"]!, cancellationToken);
            var measured = await service.ScoresAsync((string)job["id"]!, cancellationToken);
            JsonObject spec = job["spec"]!.AsObject();
            ScoreTable known = ScoreTable.Of(measured.Select(s => (RunOf(task, spec, s.Repeat), s.Model, s.Score, s.Value))).And(scores);
            tasks.AddRange(Runs(task, spec, observations, kinds, known));
        }

        return tasks;
    }

    private static IEnumerable<EvaluationTask> Runs(string task, JsonObject spec, IReadOnlyList<JsonNode> observations, TaskBook kinds, ScoreTable scores)
    {
        List<CurveRow> rows = [.. observations.Select(o => ObservedRow.Of(o, RunOf(task, spec, (int)o["repeat"]!)))];

        // A candidate that failed has no true accuracy, and a race or an early job has none at all.
        List<CurveRow> known = [.. rows.GroupBy(r => (r.Run, r.Model)).Where(curve => curve.Any(r => r.TestAccuracy is not null)).SelectMany(curve => curve)];
        if (known.Count == 0) throw new FormatException($"Job '{task}' has no test accuracies; a job of mode full on data with a test set is needed.");
        return known.GroupBy(r => r.Run, StringComparer.Ordinal).Select(run => EvaluationTask.Of(
            run.Key,
            kinds.Find(run.Key) ?? TaskBook.OfSpec(task, spec),
            [.. run],
            model => scores.Of(run.Key, task, model),
            model => KindOf(spec, model)));
    }

    private static string RunOf(string task, JsonObject spec, int repeat)
        => (int?)spec["training"]?["repeats"] is > 1 ? FormattableString.Invariant($"{task}-r{repeat}") : task;

    /// <summary>A candidate has a name of its own, which need not be its backbone's.</summary>
    private static string KindOf(JsonObject spec, string model)
        => spec["candidates"]?.AsArray().FirstOrDefault(c => (string?)c?["name"] == model) is { } candidate
            ? new CandidateSpec { Name = model, Backbone = (string?)candidate["backbone"] ?? model, Weights = (string?)candidate["weights"] ?? "random" }.Kind
            : model;
}
