using System.Globalization;
using NeuralCapacitance.Domain.Predictors;

namespace NeuralCapacitance.Domain.Jobs;

/// <summary>The selections asked for, or every reason why there are none.</summary>
/// <param name="Selections">One per predictor, that of the first one asked first; empty where there are faults.</param>
public sealed record SelectionResult(IReadOnlyList<SelectionSpec> Selections, IReadOnlyList<SpecFault> Faults)
{
    /// <summary>There are more faults than <see cref="Faults"/>.</summary>
    public bool HasMore { get; init; }
}

/// <summary>Another look at a job's observations: its selection with other numbers, checked like the spec itself.</summary>
public static class SelectionQuery
{
    /// <summary>Asks for every quick predictor, the job's own first. Others are asked by their names only.</summary>
    public const string AllPredictors = "all";

    private const int MostEpochs = 10_000;

    /// <param name="observe">Null keeps the job's own.</param>
    /// <param name="start"><c>auto</c>, a whole number, or null for the job's own.</param>
    /// <param name="predictors">Names, several in one separated by commas, or <see cref="AllPredictors"/>; one named again is asked once. None keeps the job's own.</param>
    public static SelectionResult Resolve(JobSpec spec, int? observe, string? start, params IReadOnlyList<string> predictors)
    {
        var faults = new SpecFaults();
        var selection = spec.Selection with
        {
            Observe = observe ?? spec.Selection.Observe,
            Start = ReadStart(start, spec.Selection.Start, faults),
        };
        var names = Names(spec, predictors);
        faults.AddRange(names.Except(PredictorNames.All, StringComparer.Ordinal).TakeWhile(_ => !faults.IsFull).Select(name => new SpecFault(
            "predictor", name, "is unknown" + SpecObject.Suggestion(name, PredictorNames.All), string.Join(", ", PredictorNames.All.Append(AllPredictors)))));
        if (selection.Observe is < SelectionSpec.LeastObserve or > MostEpochs)
        {
            var fault = selection.Observe > MostEpochs ? "is too many epochs" : "is too few epochs";
            faults.Add(new SpecFault("observe", Text(selection.Observe), fault, $"a whole number from {SelectionSpec.LeastObserve} to {MostEpochs}"));
        }
        else if (!faults.Exists(f => f.Path is "start") && WindowFault(selection, spec.Training.Epochs) is { } outside)
        {
            faults.Add(outside);
        }
        return new SelectionResult(faults.Count == 0 ? names.ConvertAll(name => selection with { Predictor = name }) : [], faults) { HasMore = faults.HasMore };
    }

    private static List<string> Names(JobSpec spec, IReadOnlyList<string> predictors)
    {
        List<string> own = [spec.Selection.Predictor];
        return predictors.Count == 0
            ? own
            : [.. predictors
                .SelectMany(given => given.Split(',', StringSplitOptions.TrimEntries))
                .Select(name => PredictorNames.All.Append(AllPredictors).FirstOrDefault(known => string.Equals(known, name, StringComparison.OrdinalIgnoreCase)) ?? name)
                .SelectMany(name => name is AllPredictors ? own.Concat(PredictorCatalogue.All.Where(p => p.IsQuick).Select(p => p.Name)) : [name])
                .Distinct(StringComparer.Ordinal)];
    }

    /// <summary>A window that ends after the last epoch.</summary>
    internal static SpecFault? WindowFault(SelectionSpec selection, int epochs)
    {
        if (selection.LastEpoch() <= epochs) return null;
        if (epochs < SelectionSpec.LeastObserve)
        {
            return new SpecFault(
                "observe", Text(selection.Observe), $"makes the window end at epoch {selection.LastEpoch()} of {epochs}", $"no window: it takes {SelectionSpec.LeastObserve} epochs");
        }
        var (field, value) = selection.Observe > epochs || selection.Start is null
            ? ("observe", selection.Observe)
            : ("start", selection.Start.Value);
        return new SpecFault(field, Text(value), $"makes the window end at epoch {selection.LastEpoch()} of {epochs}", $"observe + start of at most {epochs}, observe at least {SelectionSpec.LeastObserve}");
    }

    private static int? ReadStart(string? start, int? own, SpecFaults faults)
    {
        if (start is null) return own;
        if (start is "auto") return null;
        if (int.TryParse(start, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= MostEpochs) return number;
        faults.Add(new SpecFault("start", start, "is no start epoch", $"auto or a whole number from 0 to {MostEpochs}"));
        return null;
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
