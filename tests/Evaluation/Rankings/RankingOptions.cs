using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using NeuralCapacitance.Domain.Predictors;

namespace NeuralCapacitance.Evaluation.Rankings;

/// <summary>What <c>ranking</c> can be told.</summary>
internal sealed class RankingOptions
{
    private const string Auto = "auto";
    private static readonly int[] StandardObserved = [3, 5, 8, 10];
    private static readonly string[] StandardStarts = ["0", "1", "2"];

    public Option<FileSystemInfo[]> Curves { get; } = Paths("--curves", "CSV files of curves, or folders of them: run,model,epoch,val_acc,test_acc,…,beta…; every run is a task, TASK-rN a repeat of TASK.");

    public Option<Uri?> Service { get; } = new("--service")
    {
        Description = "Address of a running service, whose finished jobs of mode full are tasks too.",
        CustomParser = result => Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var uri) ? uri : Refuse(result, "--service: an absolute address like http://127.0.0.1:5080 is needed."),
    };

    public Option<string[]> Jobs { get; } = Many<string>("--jobs", "Only these jobs of the service.");

    public Option<FileSystemInfo[]> Scores { get; } = Paths("--scores", "CSV files of training-free scores: run,model,score,value, where score is the name of a predictor.");

    public Option<FileSystemInfo[]> History { get; } = Paths("--history", "Curves that predictors may learn from, in place of the other tasks. Tasks kept aside are never learnt from.");

    public Option<FileSystemInfo[]> Kinds { get; } = Paths("--kinds", "CSV files of what is known of runs: run,task,images,source,dataset,aside,collection; a corpus.json beside the curves is found by itself.");

    public Option<string> Aside { get; } = new Option<string>("--aside") { Description = "Tasks that were kept aside: only these, none of them, or all tasks.", DefaultValueFactory = _ => "all" }.AcceptOnlyFromAmong("yes", "no", "all");

    public Option<string[]> Tasks { get; } = Many<string>("--tasks", "Only the runs of these names.");

    public Option<string[]> Predictors { get; } = Many<string>("--predictors", "Only these; the first one is held against the others.");

    public Option<bool> Slow { get; } = new("--slow") { Description = $"The slow predictors too: {string.Join(", ", SlowPredictors.Names)}." };

    public Option<int[]> Observe { get; } = new("--observe") { Description = "Epochs observed.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => StandardObserved };

    public Option<string[]> Starts { get; } = new("--start")
    {
        Description = "Epochs before the window, or auto; ρ is averaged over them.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => StandardStarts,
    };

    public Option<string[]> Plot { get; } = Many<string>("--plot", "Runs whose curves are drawn; by default all of at most six, else a noisy one and a clean one.");

    public Option<int> Replicates { get; } = new("--replicates") { Description = "Of the bootstrap.", DefaultValueFactory = _ => 1_000 };

    public Option<int> Seed { get; } = new("--seed") { Description = "Of the bootstrap.", DefaultValueFactory = _ => 1 };

    public Option<DirectoryInfo?> Out { get; } = new("--out") { Description = "Folder for tables and plots; a temporary one by default." };

    public RankingOptions()
    {
        Observe.Validators.Add(result => Require(result, result.GetValueOrDefault<int[]>() is { Length: > 0 } all && all.Min() >= 1, "--observe: whole numbers from 1 on are needed."));
        Starts.Validators.Add(result => Require(
            result, result.GetValueOrDefault<string[]>() is { Length: > 0 } all && Array.TrueForAll(all, IsStart), "--start: auto or whole numbers from 0 on are needed."));
        Predictors.Validators.Add(result => Require(
            result,
            (result.GetValueOrDefault<string[]>() ?? []).All(name => PredictorNames.All.Contains(name, StringComparer.Ordinal)),
            $"--predictors: there are {string.Join(", ", PredictorNames.All)}."));
    }

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { Curves, Service, Jobs, Scores, History, Kinds, Aside, Tasks, Predictors, Slow, Observe, Starts, Plot, Replicates, Seed, Out })
            command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetResult(Curves) is null && result.GetResult(Service) is null) result.AddError("--curves or --service is needed.");
        });
    }

    /// <summary>Those asked for, or all but the slow ones.</summary>
    public IReadOnlyList<IPredictor> ChosenPredictors(ParseResult arguments)
        => arguments.GetValue(Predictors) is { Length: > 0 } names
            ? [.. names.Distinct(StringComparer.Ordinal).Select(PredictorCatalogue.Get)]
            : [.. PredictorCatalogue.All.Where(p => arguments.GetValue(Slow) || !SlowPredictors.Names.Contains(p.Name, StringComparer.Ordinal))];

    public IReadOnlyList<int?> ChosenStarts(ParseResult arguments)
        => [.. arguments.GetRequiredValue(Starts).Select(text => text == Auto ? (int?)null : int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture))];

    private static Option<T[]> Many<T>(string name, string description) => new(name) { Description = description, AllowMultipleArgumentsPerToken = true };

    private static Option<FileSystemInfo[]> Paths(string name, string description) => Many<FileSystemInfo>(name, description).AcceptExistingOnly();

    private static Uri? Refuse(ArgumentResult result, string why)
    {
        result.AddError(why);
        return null;
    }

    private static void Require(OptionResult result, bool holds, string otherwise)
    {
        if (!holds) result.AddError(otherwise);
    }

    private static bool IsStart(string text) => text == Auto || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
