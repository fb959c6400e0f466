using System.Text.Json.Nodes;
using NeuralCapacitance.Domain.Finalizations;
using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Api.Jobs;

/// <summary>
/// A job spec as OpenAPI shows it; everything but `dataset` and `candidates` has a default.
/// The body itself is read by <see cref="JobSpecReader"/>, which reports every fault at once.
/// </summary>
public sealed record JobRequest
{
    /// <summary>The images, as `GET /api/v1/datasets` lists them.</summary>
    public required DatasetRequest Dataset { get; init; }

    /// <summary>At least two. Each is a backbone's name, or an object with `backbone`, `weights` (`random`, `imagenet`, `file:PATH`) and `name`. Without `weights` a candidate gets the published ones, or random ones where nobody published any.</summary>
    public required IReadOnlyList<JsonNode> Candidates { get; init; }

    /// <summary>How each candidate is fine-tuned.</summary>
    public TrainingSpec? Training { get; init; }

    /// <summary>The frozen neural capacitance probe.</summary>
    public ProbeSpec? Probe { get; init; }

    /// <summary>How far candidates are trained and how they are ranked.</summary>
    public SelectionRequest? Selection { get; init; }

    /// <summary>A label of your own, at most 200 characters.</summary>
    /// <example>birds, small backbones</example>
    public string? Name { get; init; }

    /// <summary>−100 … 100; a higher one is served first.</summary>
    /// <example>0</example>
    public int? Priority { get; init; }

    /// <summary>Who is told what becomes of the job, and of its finalizations; at most ten. Absent: those of `PUT /api/v1/webhooks`; empty: nobody.</summary>
    public IReadOnlyList<NotifyRequest>? Notify { get; init; }
}

/// <summary>A receiver of notifications.</summary>
public sealed record NotifyRequest
{
    /// <summary>Absolute, `https` or `http`; where it leads is public, or allowed by the service's operator. Whoever may look at the job can see it.</summary>
    /// <example>https://hooks.example.org/selection</example>
    public required string Url { get; init; }

    /// <summary>`job.started`, `job.succeeded`, `job.failed`, `job.cancelled`, `finalization.succeeded`, `finalization.failed`, `finalization.cancelled`; absent: all of them.</summary>
    public IReadOnlyList<string>? Events { get; init; }
}

/// <summary>Which images to train on.</summary>
public sealed record DatasetRequest
{
    /// <example>synthetic</example>
    public required string Name { get; init; }

    /// <summary>The folder it lies in, relative to a data root or absolute inside one; of an `image-folder` required.</summary>
    public string? Path { get; init; }

    /// <summary>Only these classes, in this order; null takes all: those of folders sorted by name, others in their published order.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>Whether photographs are turned as EXIF says the camera was held.</summary>
    public ExifOrientation? Exif { get; init; }

    /// <summary>What becomes of files that cannot be decoded: `fail` refuses the data set, `skip` leaves out up to 5 % of the images and names them.</summary>
    public BrokenImage? OnBrokenImage { get; init; }

    /// <summary>How to generate a `synthetic` data set.</summary>
    public SyntheticSpec? Synthetic { get; init; }
}

/// <summary>How far candidates are trained and how they are ranked.</summary>
public sealed record SelectionRequest
{
    /// <summary>Epochs that the prediction looks at.</summary>
    /// <example>5</example>
    public int? Observe { get; init; }

    /// <summary>`auto`, or the epoch after which the window of `observe` epochs starts.</summary>
    /// <example>auto</example>
    public JsonNode? Start { get; init; }

    public SelectionMode? Mode { get; init; }

    /// <example>neural-capacitance</example>
    public string? Predictor { get; init; }

    /// <summary>Level of the reported intervals, in (0, 1).</summary>
    /// <example>0.9</example>
    public double? Confidence { get; init; }

    /// <summary>Whether the training-free scores (`logme`, `naswot`, …) are measured before training.</summary>
    /// <example>true</example>
    public bool? Scores { get; init; }

    /// <summary>Train the winner to the end when the last trial has ended: the fields of `POST …/finalize` but for `candidate` and `predictor`.</summary>
    public FinalizeSpec? Finalize { get; init; }

    /// <summary>Only in mode `race`: when a candidate is dropped, and when the race is over.</summary>
    public RaceRequest? Race { get; init; }
}

/// <summary>The rules of a race.</summary>
public sealed record RaceRequest
{
    /// <summary>A candidate whose probability of being the best falls below this is out; 0 … 0.5.</summary>
    /// <example>0.01</example>
    public double? DropBelow { get; init; }

    /// <summary>The race is over when taking the leader is expected to give away less accuracy than this.</summary>
    /// <example>0.005</example>
    public double? Tolerance { get; init; }
}
