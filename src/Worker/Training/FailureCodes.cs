namespace NeuralCapacitance.Worker.Training;

/// <summary><see cref="Domain.Trials.Failure.Code"/> of a trial. Clients rely on them: never rename one.</summary>
internal static class FailureCodes
{
    /// <summary>NaN or infinity in the loss or the features.</summary>
    public const string Diverged = "diverged";

    public const string OutOfMemory = "out-of-memory";

    /// <summary>The trial was not begun: it would need more memory than there is.</summary>
    public const string TooLarge = "too-large";

    public const string BrokenImage = "broken-image";

    /// <summary>The data set is gone, empty, or too small for its split.</summary>
    public const string Dataset = "dataset";

    /// <summary>The initial weights are absent, damaged, or of another backbone.</summary>
    public const string Weights = "weights";

    /// <summary>Published weights or images are not there and cannot be downloaded, or what came is another file.</summary>
    public const string Download = "download";

    /// <summary>A download broke off again and again.</summary>
    public const string Network = "network";

    /// <summary>A checkpoint, the cache or the weights cannot be read or written: the disk is full, say.</summary>
    public const string Storage = "storage";

    /// <summary>The model is a program, and may not run here.</summary>
    public const string NotAllowed = "not-allowed";

    /// <summary>The GPU, or its driver, failed.</summary>
    public const string Device = "device";

    /// <summary>The user's own model gives no features, or cannot be trained.</summary>
    public const string Backbone = "backbone";

    public const string UnknownBackbone = "unknown-backbone";

    /// <summary>Native code brought the trial's process down, twice.</summary>
    public const string Crashed = "crashed";

    /// <summary>The trial's process was killed from outside, twice.</summary>
    public const string Killed = "killed";

    /// <summary>The trial made no step for <c>Worker:StallTimeout</c>.</summary>
    public const string Stalled = "stalled";

    /// <summary>Workers took the trial again and again and never finished it.</summary>
    public const string TooManyAttempts = "too-many-attempts";

    /// <summary>Anything else: a bug, or a machine that is broken.</summary>
    public const string Internal = "internal";
}
