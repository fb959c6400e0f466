using Microsoft.Extensions.Options;
using NeuralCapacitance.Domain.Curves;
using NeuralCapacitance.Domain.Rankings;

namespace NeuralCapacitance.Infrastructure.History;

/// <summary>What rankings may look at besides the job, and how much of the machine they may take. Section <c>Ranking</c>.</summary>
public sealed class RankingOptions
{
    public const string Section = "Ranking";

    /// <summary>CSV files of curves that were trained to the end elsewhere (<see cref="CurveCsv"/>); relative to the working directory.</summary>
    public IList<string> History { get; set; } = [];

    /// <summary>Threads that predict at once; 0: half of the machine's.</summary>
    public int Predictions { get; set; }

    /// <summary>Predictions that wait for one; who comes after these is told to come again.</summary>
    public int MaxWaiting { get; set; } = 64;
}

/// <summary>Reads the files too, so that a broken one stops the start.</summary>
internal sealed class RankingOptionsValidator : IValidateOptions<RankingOptions>
{
    private const int MostThreads = 1_024;
    private const int MostWaiting = 10_000;

    public ValidateOptionsResult Validate(string? name, RankingOptions options)
    {
        var faults = options.History.Select((path, i) => Fault(path) is { } fault ? $"{RankingOptions.Section}:{nameof(options.History)}:{i} {fault}" : null).OfType<string>().ToList();
        if (options.Predictions is < 0 or > MostThreads) faults.Add($"{RankingOptions.Section}:{nameof(options.Predictions)} is {options.Predictions}; accepted is 0 … {MostThreads}, 0 for half of the cores.");
        if (options.MaxWaiting is < 0 or > MostWaiting) faults.Add($"{RankingOptions.Section}:{nameof(options.MaxWaiting)} is {options.MaxWaiting}; accepted is 0 … {MostWaiting}.");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static string? Fault(string path)
    {
        if (!File.Exists(path)) return $"'{path}' is no file; give the path of a CSV of curves.";
        try
        {
            return PastTasks.OfCurves(CurveCsv.Parse(path, File.ReadAllLines(path))).Count == 0
                ? $"'{path}' has no run of at least two models that were trained to its last epoch."
                : null;
        }
        catch (FormatException e)
        {
            return $"is no CSV of curves: {e.Message}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"'{path}' cannot be read: {e.Message}";
        }
    }
}
