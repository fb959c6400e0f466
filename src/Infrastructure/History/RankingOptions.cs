using Microsoft.Extensions.Options;
using NeuralCapacitance.Domain.Curves;
using NeuralCapacitance.Domain.Rankings;

namespace NeuralCapacitance.Infrastructure.History;

/// <summary>What rankings may look at besides the job. Section <c>Ranking</c>.</summary>
public sealed class RankingOptions
{
    public const string Section = "Ranking";

    /// <summary>CSV files of curves that were trained to the end elsewhere (<see cref="CurveCsv"/>); relative to the working directory.</summary>
    public IList<string> History { get; set; } = [];
}

/// <summary>Reads the files, so that a broken one stops the start.</summary>
internal sealed class RankingOptionsValidator : IValidateOptions<RankingOptions>
{
    public ValidateOptionsResult Validate(string? name, RankingOptions options)
    {
        var faults = options.History.Select((path, i) => Fault(path) is { } fault ? $"{RankingOptions.Section}:{nameof(options.History)}:{i} {fault}" : null).OfType<string>().ToList();
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
