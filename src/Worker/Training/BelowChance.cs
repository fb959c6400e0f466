using System.Globalization;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Worker.Datasets;

namespace NeuralCapacitance.Worker.Training;

/// <summary>Tells accuracies that need no network.</summary>
internal static class BelowChance
{
    /// <summary>Null: the best accuracy of the trained epochs is not below that of always saying the commonest class.</summary>
    public static string? NoteOf(IReadOnlyList<Observation> observations, Split split, IReadOnlyList<string> classes)
    {
        var trained = observations.Where(observation => observation.Epoch > 0).ToList();
        if (trained.Count == 0 || split.Validation.Length == 0) return null;
        var labels = split.ValidationSet.Labels;
        var (commonest, count) = split.Validation.CountBy(index => labels[index]).MaxBy(pair => pair.Value);
        var (best, share) = (trained.Max(observation => observation.ValidationAccuracy), (double)count / split.Validation.Length);
        return best < share
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"The best validation accuracy, {best:0.000}, is below that of always saying '{classes[commonest]}', {share:0.000}: nothing that can be used was learnt.")
            : null;
    }
}
