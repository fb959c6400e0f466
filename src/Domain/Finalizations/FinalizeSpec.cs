using System.Text.Json;
using System.Text.Json.Serialization;
using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Domain.Finalizations;

/// <summary>How a candidate is trained to the end. What is absent is as in its job.</summary>
public sealed record FinalizeSpec
{
    /// <summary><see cref="TrainLimit"/> that stands for all training images.</summary>
    public const int AllImages = 0;

    public ModelHead Head { get; init; } = ModelHead.Linear;

    /// <summary>Null: the job's <see cref="TrainingSpec.Epochs"/>.</summary>
    public int? Epochs { get; init; }

    /// <summary>Training images; <see cref="AllImages"/>, written <c>"all"</c>, lifts the job's limit; null keeps it.</summary>
    [JsonConverter(typeof(TrainLimitJsonConverter))]
    public int? TrainLimit { get; init; }

    /// <summary>Of initial weights, order and split; null: the job's.</summary>
    public long? Seed { get; init; }

    /// <summary>
    /// The spec of the finalization, which is a job of its own: the same data and training, one candidate, once, to the last epoch, and the model is
    /// kept.
    /// </summary>
    /// <param name="job">Whose candidate it is.</param>
    public JobSpec For(JobSpec job, CandidateSpec candidate)
    {
        var epochs = Epochs ?? job.Training.Epochs;
        return job with
        {
            Candidates = [candidate],
            Head = Head,
            Training = job.Training with
            {
                Epochs = epochs,
                Repeats = 1,
                Seed = Seed ?? job.Training.Seed,
                TrainLimit = TrainLimit switch { null => job.Training.TrainLimit, AllImages => null, { } limit => limit },
                SaveWeights = true,
            },
            Selection = job.Selection with
            {
                Mode = SelectionMode.Full,
                Observe = Math.Clamp(epochs, SelectionSpec.LeastObserve, job.Selection.Observe),
                Start = null,
                Race = null,
                Scores = false,
                Finalize = null,
            },
        };
    }
}

/// <summary><see cref="FinalizeSpec.TrainLimit"/>: a number, <c>"all"</c>, or null.</summary>
internal sealed class TrainLimitJsonConverter : JsonConverter<int?>
{
    public override int? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.String when reader.ValueTextEquals("all") => FinalizeSpec.AllImages,
        JsonTokenType.Number when reader.TryGetInt32(out var limit) => limit,
        _ => throw new JsonException("trainLimit is \"all\" or a whole number."),
    };

    public override void Write(Utf8JsonWriter writer, int? value, JsonSerializerOptions options)
    {
        if (value is FinalizeSpec.AllImages) writer.WriteStringValue("all");
        else if (value is { } limit) writer.WriteNumberValue(limit);
        else writer.WriteNullValue();
    }
}
