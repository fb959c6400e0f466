using System.Text.Json.Serialization;
using NeuralCapacitance.Domain.Finalizations;
using NeuralCapacitance.Domain.Notifications;
using NeuralCapacitance.Domain.Races;

namespace NeuralCapacitance.Domain.Jobs;

/// <summary>What one selection job is asked to do, with every default filled in.</summary>
public sealed record JobSpec
{
    public required DatasetSpec Dataset { get; init; }

    /// <summary>At least two, names unique within the job; one in a finalization.</summary>
    public required IReadOnlyList<CandidateSpec> Candidates { get; init; }

    public TrainingSpec Training { get; init; } = new();

    public ProbeSpec Probe { get; init; } = new();

    public SelectionSpec Selection { get; init; } = new();

    /// <summary>What the model gets that a finalization trains; null in a selection, where every trial has the frozen probe.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ModelHead? Head { get; init; }

    /// <summary>A label of the client's own, at most 200 characters.</summary>
    public string? Name { get; init; }

    /// <summary>−100 … 100; a higher one is served first, equal ones first come, first served.</summary>
    public int Priority { get; init; }

    /// <summary>Who is told what becomes of the job and its finalizations; null: nobody.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<NotifySpec>? Notify { get; init; }

    /// <summary>
    /// Epochs that each trial trains: all of them in a <c>full</c> job; in an <c>early</c> one only as far as the window
    /// reaches (<c>auto</c> looks at the first <see cref="SelectionSpec.Observe"/> epochs); in a <c>race</c> at first as far, to its first round.
    /// </summary>
    public int EpochsTarget() => Selection.Mode switch
    {
        SelectionMode.Full => Training.Epochs,
        SelectionMode.Early or SelectionMode.Race => Math.Min(Training.Epochs, Selection.LastEpoch()),
        _ => throw new InvalidOperationException($"Unknown mode {Selection.Mode}."),
    };

    /// <summary>What no trial exceeds: as <see cref="EpochsTarget"/>, but of a <c>race</c> all epochs.</summary>
    public int MostEpochs() => Selection.Mode == SelectionMode.Race ? Training.Epochs : EpochsTarget();

    /// <summary>In so many last epochs the test accuracy is measured too; their mean is the final accuracy. None but in a <c>full</c> job.</summary>
    public int EpochsTested() => Selection.Mode == SelectionMode.Full ? SelectionSpec.FinalEpochs(Training.Epochs) : 0;
}

/// <summary>The images: which fields have a meaning depends on the name (<see cref="Datasets.DatasetKind"/>).</summary>
public sealed record DatasetSpec
{
    public const string ImageFolderName = "image-folder";

    public const string SyntheticName = "synthetic";

    /// <summary>One of <see cref="Datasets.IDatasetCatalogue.Kinds"/>.</summary>
    public required string Name { get; init; }

    /// <summary>The folder it lies in, relative to a configured data root or absolute inside one.</summary>
    public string? Path { get; init; }

    /// <summary>Only these classes, in this order; null takes all: those of folders sorted by name, others in their published order.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>Whether photographs are turned as EXIF says the camera was held; written where they are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ExifOrientation Exif { get; init; }

    /// <summary>What becomes of files that cannot be decoded; written where they are skipped.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public BrokenImage OnBrokenImage { get; init; }

    /// <summary>How to generate a <c>synthetic</c> data set; null otherwise.</summary>
    public SyntheticSpec? Synthetic { get; init; }
}

/// <summary>What becomes of a file that is named as an image and cannot be decoded.</summary>
public enum BrokenImage
{
    /// <summary>It fails what needs it.</summary>
    Fail,

    /// <summary>It is left out and named; more than <see cref="Datasets.BrokenFiles.MostSkipped"/> of all images are not.</summary>
    Skip,
}

/// <summary>What becomes of the orientation that EXIF says.</summary>
public enum ExifOrientation
{
    /// <summary>Pixels stay as they are stored: torchvision's <c>ImageFolder</c> does so.</summary>
    Ignore,

    /// <summary>Images are turned as <c>PIL.ImageOps.exif_transpose</c> turns them.</summary>
    Apply,
}

/// <summary>Size and seed of the generated data set of textured shapes.</summary>
public sealed record SyntheticSpec
{
    /// <summary>2 … 10.</summary>
    public int Classes { get; init; } = 10;

    public int TrainImages { get; init; } = 2_000;

    public int TestImages { get; init; } = 1_000;

    public long Seed { get; init; } = 1;
}

/// <summary>One backbone with its initial weights.</summary>
public sealed record CandidateSpec
{
    /// <summary>What <see cref="Weights"/> of a file begin with; the path follows.</summary>
    public const string FilePrefix = "file:";

    /// <summary>Unique in the job; by default the backbone, followed by <c>@weights</c> where those are not random.</summary>
    public required string Name { get; init; }

    public required string Backbone { get; init; }

    /// <summary>
    /// <c>random</c>, <c>imagenet</c>, or <c>file:PATH</c> (safetensors, a state_dict of PyTorch, or an .h5 of Keras), <c>file:PATH#PART</c> where a file holds several.
    /// </summary>
    public string Weights { get; init; } = "random";

    [JsonIgnore]
    public bool IsFromFile => Weights.StartsWith(FilePrefix, StringComparison.Ordinal);

    /// <summary>Backbone and kind of weights, <c>resnet50@imagenet</c>; without the latter where they are random.</summary>
    [JsonIgnore]
    public string Kind => Weights switch
    {
        "random" => Backbone,
        _ when IsFromFile => $"{Backbone}@file",
        _ => $"{Backbone}@{Weights}",
    };

    /// <summary>Dotted name of the submodule of a <c>torchscript</c> backbone whose output is the features; null: the whole module's.</summary>
    public string? Module { get; init; }
}

/// <summary>How each candidate is fine-tuned.</summary>
public sealed record TrainingSpec
{
    public const int DefaultImageSize = 32;

    public int Epochs { get; init; } = 50;

    public int BatchSize { get; init; } = 64;

    public double LearningRate { get; init; } = 0.001;

    /// <summary><c>sgd</c>, <c>adam</c> or <c>adamw</c>.</summary>
    public string Optimizer { get; init; } = "adam";

    /// <summary>Momentum of <c>sgd</c>; unused by the others.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>L2 penalty of <c>sgd</c> and <c>adam</c>, decoupled decay of <c>adamw</c>; where absent, PyTorch's default for the optimizer.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Side of the square input in pixels; images are resized to it once, when the cache is made.</summary>
    public int ImageSize { get; init; } = DefaultImageSize;

    /// <summary>Trials per candidate, with seeds <see cref="Seed"/>, <see cref="Seed"/> + 1, …</summary>
    public int Repeats { get; init; } = 1;

    public long Seed { get; init; } = 1;

    /// <summary>Only the first so many training images (after the validation images are set aside); null takes all.</summary>
    public int? TrainLimit { get; init; }

    /// <summary>
    /// Training images set aside for validation: a count (≥ 1), a fraction (&lt; 1), or null for the paper's 15 000,
    /// bounded by 30 % of the training images. Null for a data set that brings a validation set of its own: nothing is set aside then.
    /// </summary>
    public double? Validation { get; init; }

    /// <summary>Keep each trial's backbone as safetensors, so that a later job can start from it.</summary>
    public bool SaveWeights { get; init; }

    /// <summary>PyTorch's default of <see cref="WeightDecay"/>: 0.01 for <c>adamw</c>, else 0.</summary>
    public static double StandardWeightDecay(string optimizer) => optimizer is "adamw" ? 0.01 : 0;

    /// <summary>How many of the training images <see cref="Validation"/> sets aside. Not bounded by their number.</summary>
    /// <param name="trainImages">Images of the original training set.</param>
    public int ValidationImages(int trainImages) => Validation switch
    {
        null => Math.Min(15_000, (int)(0.3 * trainImages)),
        < 1 and { } fraction => (int)Math.Round(fraction * trainImages),
        { } count => (int)count,
    };
}

/// <summary>The frozen neural capacitance probe.</summary>
public sealed record ProbeSpec
{
    /// <summary>Widths of the hidden Dense layers, input side first.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [256, 128];

    public double Dropout { get; init; } = 0.4;

    /// <summary>β_eff is measured on the first so many training images (the same ones every epoch).</summary>
    public int Samples { get; init; } = 2_000;
}

/// <summary>How far candidates are trained and how they are ranked.</summary>
public sealed record SelectionSpec
{
    /// <summary>A line through one point has no slope.</summary>
    public const int LeastObserve = 2;

    private const int MostFinalEpochs = 3;

    /// <summary>
    /// The final accuracy of a trial is the mean over so many last epochs: a single one is noisy. A short training rises until its end, so that a mean over many
    /// would lag behind it: the middle of these lies at most a twentieth of the training before its end.
    /// </summary>
    /// <param name="epochs">Of the training, at least 1.</param>
    public static int FinalEpochs(int epochs) => Math.Min(MostFinalEpochs, 1 + (epochs / 10));

    /// <summary>Epochs that the prediction looks at; of a <c>race</c>, those before its first round.</summary>
    public int Observe { get; init; } = 5;

    /// <summary>
    /// The window is the epochs <c>Start + 1 … Start + Observe</c>. Null is <c>auto</c>: the first <see cref="Observe"/> epochs,
    /// of which a predictor may drop early ones by evidence.
    /// </summary>
    [JsonConverter(typeof(StartJsonConverter))]
    public int? Start { get; init; }

    public SelectionMode Mode { get; init; } = SelectionMode.Early;

    public string Predictor { get; init; } = "neural-capacitance";

    /// <summary>Level of the reported intervals, in (0, 1).</summary>
    public double Confidence { get; init; } = 0.9;

    /// <summary>Whether the training-free scores are measured before training; predictors that rank by them need it.</summary>
    public bool Scores { get; init; } = true;

    /// <summary>When a candidate is dropped and when it is over; null but in mode <c>race</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RaceSpec? Race { get; init; }

    /// <summary>Train the winner to the end when the last trial has ended; null: only when somebody asks.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FinalizeSpec? Finalize { get; init; }

    /// <summary>The last epoch of the window.</summary>
    public int LastEpoch() => (Start ?? 0) + Observe;
}

public enum SelectionMode
{
    /// <summary>Train each candidate only as far as the prediction needs.</summary>
    Early,

    /// <summary>Train every candidate to <see cref="TrainingSpec.Epochs"/>: ground truth for ρ.</summary>
    Full,

    /// <summary>Train all side by side, drop the hopeless after every epoch, and stop when the best is clear (<see cref="Races.Race"/>).</summary>
    Race,
}
