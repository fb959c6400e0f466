using System.CommandLine;
using NeuralCapacitance.Evaluation.Experiments;
using NeuralCapacitance.Evaluation.Tasks;

namespace NeuralCapacitance.Evaluation.Rankings;

/// <summary>What is evaluated, and what may be learnt from.</summary>
internal sealed record RankingInput(IReadOnlyList<EvaluationTask> Runs, TaskHistory History)
{
    /// <exception cref="FormatException">A file is not what it should be, or nothing is left to evaluate.</exception>
    /// <exception cref="InvalidOperationException">The service refused something; the message has its words.</exception>
    public static async Task<RankingInput> LoadAsync(RankingOptions options, ParseResult arguments, CancellationToken cancellationToken)
    {
        var kinds = Files(arguments.GetValue(options.Kinds)).Aggregate(TaskBook.Empty, (book, file) => TaskBook.OfKinds(file).Or(book));
        var scores = ScoreTable.Read(Files(arguments.GetValue(options.Scores)));
        List<EvaluationTask> all = [.. EvaluationTask.Read(Files(arguments.GetValue(options.Curves)), kinds, scores)];
        if (arguments.GetValue(options.Service) is { } address)
        {
            using var http = new HttpClient { BaseAddress = address };
            all.AddRange(await new RecordedJobs(new Service(http, Console.Error.WriteLine)).ReadAsync(arguments.GetValue(options.Jobs) ?? [], kinds, scores, cancellationToken));
        }

        var past = Files(arguments.GetValue(options.History));
        return new RankingInput(
            Choose(all, arguments.GetValue(options.Tasks) ?? [], arguments.GetRequiredValue(options.Aside)),
            new TaskHistory(past.Count == 0 ? all : EvaluationTask.Read(past, kinds, scores)));
    }

    private static IReadOnlyList<EvaluationTask> Choose(List<EvaluationTask> all, string[] names, string aside)
    {
        if (names.Except(all.Select(t => t.Name), StringComparer.Ordinal).FirstOrDefault() is { } unknown)
            throw new FormatException($"'{unknown}' is no run of these curves; there are {string.Join(", ", all.Select(t => t.Name))}.");
        List<EvaluationTask> chosen = all.FindAll(t => (names.Length == 0 || names.Contains(t.Name, StringComparer.Ordinal)) && (aside == "all" || t.Facts.IsAside == (aside == "yes")));
        return chosen.Count > 0 ? chosen : throw new FormatException($"None of {all.Count} runs is left to evaluate (--tasks, --aside {aside}).");
    }

    /// <summary>A folder stands for the CSV files in it, by name.</summary>
    private static IReadOnlyList<FileInfo> Files(FileSystemInfo[]? paths) => [.. (paths ?? []).SelectMany(path => path switch
    {
        DirectoryInfo folder => folder.GetFiles("*.csv") is { Length: > 0 } files
            ? files.OrderBy(f => f.Name, StringComparer.Ordinal)
            : throw new FormatException($"There is no .csv file in {folder.FullName}."),
        _ => (IEnumerable<FileInfo>)[new FileInfo(path.FullName)],
    })];
}
