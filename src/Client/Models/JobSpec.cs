namespace NeuralCapacitance.Client.Models;

/// <summary>What a job is asked to do. Everything but <see cref="Dataset"/> and <see cref="Candidates"/> has a default; in a <see cref="Job"/> all of them are filled in.</summary>
public sealed record JobSpec : WireObject
{
    public required DatasetSpec Dataset { get; init; }

    /// <summary>At least two. A text is a backbone with its default weights: <c>["resnet18", "vgg16"]</c>.</summary>
    public required IReadOnlyList<CandidateSpec> Candidates { get; init; }

    public TrainingSpec? Training { get; init; }

    public ProbeSpec? Probe { get; init; }

    public SelectionSpec? Selection { get; init; }

    /// <summary>What the model gets that a finalization trains; null in a selection.</summary>
    public ModelHead? Head { get; init; }

    /// <summary>A label of your own, at most 200 characters.</summary>
    public string? Name { get; init; }

    /// <summary>−100 … 100; a higher one is served first.</summary>
    public int? Priority { get; init; }

    /// <summary>Who is told what becomes of the job, and of its finalizations; at most ten. Null: the owner's own receivers; empty: nobody.</summary>
    public IReadOnlyList<NotifySpec>? Notify { get; init; }
}

/// <summary>One backbone with its initial weights.</summary>
public sealed record CandidateSpec : WireObject
{
    /// <summary>Unique in the job; by default the backbone, followed by <c>@weights</c> where those are not random.</summary>
    public string? Name { get; init; }

    public required string Backbone { get; init; }

    /// <summary><c>random</c>, <c>imagenet</c>, or <c>file:PATH</c> (safetensors, a state_dict of PyTorch, or an .h5 of Keras), <c>file:PATH#PART</c> where a file holds several.</summary>
    public string? Weights { get; init; }

    /// <summary>Dotted name of the submodule of a <c>torchscript</c> backbone whose output is the features; null: the whole module's.</summary>
    public string? Module { get; init; }

    /// <summary>A backbone with its default weights.</summary>
    public static implicit operator CandidateSpec(string backbone) => new() { Backbone = backbone };
}

/// <summary>How each candidate is fine-tuned.</summary>
public sealed record TrainingSpec : WireObject
{
    public int? Epochs { get; init; }

    public int? BatchSize { get; init; }

    public double? LearningRate { get; init; }

    /// <summary><c>sgd</c>, <c>adam</c> or <c>adamw</c>.</summary>
    public string? Optimizer { get; init; }

    /// <summary>Momentum of <c>sgd</c>; unused by the others.</summary>
    public double? Momentum { get; init; }

    /// <summary>L2 penalty of <c>sgd</c> and <c>adam</c>, decoupled decay of <c>adamw</c>; where absent, PyTorch's default for the optimizer.</summary>
    public double? WeightDecay { get; init; }

    /// <summary>Side of the square input in pixels; images are resized to it once, when the cache is made.</summary>
    public int? ImageSize { get; init; }

    /// <summary>Trials per candidate, with seeds <see cref="Seed"/>, <see cref="Seed"/> + 1, …</summary>
    public int? Repeats { get; init; }

    public long? Seed { get; init; }

    /// <summary>Only the first so many training images (after the validation images are set aside); null takes all.</summary>
    public int? TrainLimit { get; init; }

    /// <summary>Training images set aside for validation: a count (≥ 1), a fraction (&lt; 1), or null for the paper's 15 000, bounded by 30 % of the training images. Null for a data set that brings a validation set of its own: nothing is set aside then.</summary>
    public double? Validation { get; init; }

    /// <summary>Keep each trial's backbone as safetensors, so that a later job can start from it.</summary>
    public bool? SaveWeights { get; init; }
}

/// <summary>The frozen neural capacitance probe.</summary>
public sealed record ProbeSpec : WireObject
{
    /// <summary>Widths of the hidden Dense layers, input side first.</summary>
    public IReadOnlyList<int>? Hidden { get; init; }

    public double? Dropout { get; init; }

    /// <summary>β_eff is measured on the first so many training images (the same ones every epoch).</summary>
    public int? Samples { get; init; }
}
