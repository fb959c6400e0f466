using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Worker.Datasets;
using NeuralCapacitance.Worker.Training;

namespace NeuralCapacitance.Worker.Slots;

/// <summary>What the worker tells a slot's process, a line each on its standard input. That input's end ends the process.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(RunTrial), "run")]
[JsonDerivedType(typeof(PrepareData), "prepare")]
[JsonDerivedType(typeof(StopTrial), "stop")]
[JsonDerivedType(typeof(Done), "done")]
[JsonDerivedType(typeof(KnownEpochs), "known")]
[JsonDerivedType(typeof(ScoresStored), "scores-stored")]
internal abstract record ToSlot;

/// <summary>Something to do for a trial; only when the last one has ended.</summary>
internal abstract record Order(TrialPlan Plan) : ToSlot;

/// <param name="Data">Null: the process opens the data set itself.</param>
internal sealed record RunTrial(TrialPlan Plan, PreparedDataset? Data = null) : Order(Plan);

/// <summary>Decode the trial's data set, for another process that runs the trial. Answered by <see cref="DataPrepared"/> and then <see cref="TrialEnded"/>.</summary>
internal sealed record PrepareData(TrialPlan Plan) : Order(Plan);

/// <summary>Leave the trial at its next training step. Means nothing when it has ended.</summary>
internal sealed record StopTrial : ToSlot;

/// <summary>Answers a call: the trial may go on.</summary>
internal sealed record Done : ToSlot;

/// <summary>Answers <see cref="ContinuesFrom"/> as <see cref="ITrialListener.ContinuesFrom"/> does.</summary>
internal sealed record KnownEpochs(int Last) : ToSlot;

/// <summary>Answers <see cref="HasScores"/>.</summary>
internal sealed record ScoresStored(bool Are) : ToSlot;

/// <summary>What a slot's process tells the worker, a line each.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Ready), "ready")]
[JsonDerivedType(typeof(Unfit), "unfit")]
[JsonDerivedType(typeof(Logged), "logged")]
[JsonDerivedType(typeof(Moved), "moved")]
[JsonDerivedType(typeof(TrialEnded), "ended")]
[JsonDerivedType(typeof(DatasetLoaded), "dataset")]
[JsonDerivedType(typeof(ContinuesFrom), "continues")]
[JsonDerivedType(typeof(HasScores), "has-scores")]
[JsonDerivedType(typeof(Scored), "scored")]
[JsonDerivedType(typeof(Observed), "observed")]
[JsonDerivedType(typeof(Noted), "noted")]
[JsonDerivedType(typeof(DataPrepared), "prepared")]
internal abstract record FromSlot;

/// <summary>The first line: libtorch is loaded, trials can be sent.</summary>
internal sealed record Ready(ComputeDevice Device) : FromSlot;

/// <summary>The first and last line: why no trial can run, each a sentence.</summary>
internal sealed record Unfit(IReadOnlyList<string> Faults) : FromSlot;

/// <summary>A line for the worker's log.</summary>
internal sealed record Logged(LogLevel Level, string Category, int EventId, string Text) : FromSlot;

/// <summary>Something was done since the last sign: a batch, an image, a piece of a download.</summary>
internal sealed record Moved : FromSlot;

/// <summary>The trial is over: it has reached its last epoch, was told to stop, or failed.</summary>
/// <param name="Failure">Why it failed; null: it did not.</param>
/// <param name="Detail">Of a failure: the exception with its stack, for the log.</param>
internal sealed record TrialEnded(bool IsStopped, Failure? Failure = null, string? Detail = null) : FromSlot;

/// <summary>A call of <see cref="ITrialListener"/>: the trial goes on when it is answered, or ends when it is told to stop.</summary>
internal abstract record TrialCall : FromSlot;

internal sealed record DatasetLoaded(string Hash) : TrialCall;

internal sealed record ContinuesFrom(IReadOnlyList<Observation> History) : TrialCall;

internal sealed record HasScores : TrialCall;

internal sealed record Scored(IReadOnlyList<TrialScore> Scores) : TrialCall;

internal sealed record Observed(Observation Observation) : TrialCall;

internal sealed record Noted(string Note) : TrialCall;

/// <summary>Answers <see cref="PrepareData"/>.</summary>
internal sealed record DataPrepared(PreparedDataset Data) : TrialCall;
