using System.Text.Json.Serialization;
using NeuralCapacitance.Client.Json;

namespace NeuralCapacitance.Client.Models;

/// <summary>How far candidates are trained and how they are ranked.</summary>
public sealed record SelectionSpec : WireObject
{
    /// <summary>Epochs that the prediction looks at.</summary>
    public int? Observe { get; init; }

    /// <summary>The epoch after which the window of <see cref="Observe"/> epochs starts; null is <c>auto</c>.</summary>
    [JsonConverter(typeof(WindowStartConverter)), JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public int? Start { get; init; }

    public SelectionMode? Mode { get; init; }

    public string? Predictor { get; init; }

    /// <summary>Level of the reported intervals, in (0, 1).</summary>
    public double? Confidence { get; init; }

    /// <summary>Whether the training-free scores (<c>logme</c>, <c>naswot</c>, …) are measured before training.</summary>
    public bool? Scores { get; init; }

    public FinalizeSpec? Finalize { get; init; }

    public RaceSpec? Race { get; init; }
}

[JsonConverter(typeof(WordConverter<SelectionMode>))]
public enum SelectionMode
{
    /// <summary>A word of a later version of the service.</summary>
    Unknown,

    Early,
    Full,
    Race,
}

/// <summary>The rules of a race.</summary>
public sealed record RaceSpec : WireObject
{
    /// <summary>A candidate whose probability of being the best falls below this is out; 0 … 0.5.</summary>
    public double? DropBelow { get; init; }

    /// <summary>The race is over when taking the leader is expected to give away less accuracy than this.</summary>
    public double? Tolerance { get; init; }
}

/// <summary>How a candidate is trained to the end. What is absent is as in its job.</summary>
public sealed record FinalizeSpec : WireObject
{
    public ModelHead? Head { get; init; }

    /// <summary>Null: the job's <c>training.epochs</c>.</summary>
    public int? Epochs { get; init; }

    /// <summary>Training images; <see cref="int.MaxValue"/> takes all, null keeps the job's limit.</summary>
    [JsonConverter(typeof(TrainLimitConverter))]
    public int? TrainLimit { get; init; }

    /// <summary>Of initial weights, order and split; null: the job's.</summary>
    public long? Seed { get; init; }
}

/// <summary>What turns a backbone's features into logits, in a model that is trained to the end.</summary>
[JsonConverter(typeof(WordConverter<ModelHead>))]
public enum ModelHead
{
    /// <summary>A word of a later version of the service.</summary>
    Unknown,

    Probe,
    Linear,
    TrainableProbe,
}
