using System.Globalization;

namespace NeuralCapacitance.Evaluation.Tasks;

/// <summary>What is known of a run besides its curves.</summary>
/// <param name="Task">Runs of one task are its repeats: the same training from other seeds.</param>
/// <param name="Images">Training images; null: not known.</param>
/// <param name="Source">What the candidates were pretrained on, or <see cref="Scratch"/>; null: not known.</param>
/// <param name="Dataset">Tasks with the same one have the same images and labels; null: not known.</param>
/// <param name="IsAside">Kept aside before anything was tuned.</param>
public sealed record TaskFacts(string Task, int? Images = null, string? Source = null, string? Dataset = null, bool IsAside = false)
{
    /// <summary>Where its images come from, whichever of them it takes: tasks of one collection are more alike than tasks of two; null: not known.</summary>
    public string? Collection { get; init; }

    /// <summary>The source of what was not pretrained.</summary>
    public const string Scratch = "scratch";

    /// <summary>Up to so many training images a task counts as noisy.</summary>
    public const int NoisyImages = 6_000;

    private const string RepeatMark = "-r";

    public bool? IsNoisy => Images is { } images ? images <= NoisyImages : null;

    /// <summary>Backbone and kind of weights of a candidate that is named after its backbone, as <c>CandidateSpec.Kind</c> has it; what is not known to be pretrained counts as not.</summary>
    public string KindOf(string model) => Source switch
    {
        null or Scratch => model,
        "imagenet" => $"{model}@imagenet",
        _ => $"{model}@file",
    };

    public bool? IsFromScratch => Source is { } source ? source == Scratch : null;

    /// <summary>The task of a run by its name alone: <c>TASK-rN</c> is repeat N of TASK.</summary>
    public static string TaskOf(string run)
    {
        int mark = run.LastIndexOf(RepeatMark, StringComparison.Ordinal);
        return mark > 0 && int.TryParse(run.AsSpan(mark + RepeatMark.Length), NumberStyles.None, CultureInfo.InvariantCulture, out _) ? run[..mark] : run;
    }
}
