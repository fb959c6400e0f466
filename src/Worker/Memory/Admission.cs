using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Worker.Training;

namespace NeuralCapacitance.Worker.Memory;

/// <summary>What there is for a trial.</summary>
/// <param name="Bytes">So much, and no more.</param>
/// <param name="What">Completes "more than …": a sentence's end.</param>
internal sealed record AvailableMemory(long Bytes, string What);

/// <summary>Refuses a trial that cannot fit into memory, before it trains, and no other.</summary>
internal static class Admission
{
    /// <summary>Null: it may begin.</summary>
    /// <param name="batch">Images of a training step.</param>
    public static Failure? Refuse(MemoryForecast forecast, AvailableMemory available, TrialPlan plan, int batch)
    {
        if (forecast.LeastPeak(batch) <= available.Bytes) return null;
        var fits = forecast.BatchWithin(available.Bytes);
        var help = fits > 1
            ? $"Lower training.batchSize to {fits}, which fits, or training.imageSize (now {plan.Spec.Training.ImageSize})."
            : $"Lower training.imageSize (now {plan.Spec.Training.ImageSize}), or choose a smaller backbone: even a few images at once do not fit.";
        return new(
            FailureCodes.TooLarge,
            $"{plan.Candidate.Name} is not begun: with {batch} images of side {plan.Spec.Training.ImageSize} a training step would need about {MemorySize.Show(forecast.Peak(batch))} of memory "
            + $"(from steps of {forecast.Small} and {forecast.Large} images, certain to a quarter), more than {available.What}: {MemorySize.Show(available.Bytes)}. {help}");
    }

    /// <summary>Whether nothing can be wrong, so that measuring more is not worth its time.</summary>
    public static bool IsPlenty(MemoryForecast forecast, AvailableMemory available, int batch) => 2 * forecast.MostPeak(batch) < available.Bytes;
}
