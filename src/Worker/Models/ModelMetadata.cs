using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using NeuralCapacitance.Domain.Finalizations;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Worker.Backbones;
using NeuralCapacitance.Worker.Datasets;
using NeuralCapacitance.Worker.Hosting;
using NeuralCapacitance.Worker.Training;

namespace NeuralCapacitance.Worker.Models;

/// <summary>
/// What a model's file says of itself (<c>__metadata__</c> of safetensors, texts only): all that is needed to feed it images and to read its answers,
/// and where it comes from. What is no text is JSON. docs/api.md lists the fields.
/// </summary>
internal static class ModelMetadata
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="last">Of the last epoch, whose weights these are.</param>
    public static IReadOnlyDictionary<string, string> Of(TrialPlan plan, BeheadedNetwork network, string headName, LoadedDataset data, Observation last)
    {
        var (mean, deviation) = Normalization.Statistics(network.Scaling);
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["format"] = "pt",
            ["backbone"] = plan.Candidate.Backbone,
            ["candidate"] = plan.Candidate.Name,
            ["initial_weights"] = plan.Candidate.Weights,
            ["head"] = ModelHeads.NameOf(plan.Spec.Head!.Value),
            ["head_name"] = headName,
            ["feature_width"] = Number(network.FeatureWidth),
            ["probe"] = Json(new { hidden = plan.Spec.Probe.Hidden, dropout = plan.Spec.Probe.Dropout }),
            ["classes"] = Json(data.Classes),
            ["image_size"] = Number(network.InputSize.Given),
            ["input_size"] = Number(network.InputSize.Used),
            ["pixels"] = Json(new { divisor = 255, mean, std = deviation }),
            ["accuracy"] = Accuracy(last),
            ["seed"] = Number(plan.Seed),
            ["trial"] = plan.TrialId.ToString(),
            ["spec"] = JobSpecJson.Write(plan.Spec),
            ["dataset_hash"] = data.Hash,
            ["software"] = Json(SoftwareVersions.On(plan.Device)),
        };
    }

    /// <summary>Of the weights of a selection's trial, without a head: what a later job wants to know of them. The same for every trial that repeats them.</summary>
    /// <param name="last">Of the last epoch, whose weights these are.</param>
    public static IReadOnlyDictionary<string, string> OfBackbone(TrialPlan plan, BeheadedNetwork network, LoadedDataset data, Observation last)
        => new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["format"] = "pt",
            ["backbone"] = plan.Candidate.Backbone,
            ["initial_weights"] = plan.Candidate.Weights,
            ["feature_width"] = Number(network.FeatureWidth),
            ["classes"] = Json(data.Classes),
            ["image_size"] = Number(network.InputSize.Given),
            ["accuracy"] = Accuracy(last),
            ["dataset_hash"] = data.Hash,
        };

    /// <summary>In [0, 1]; <see cref="Weights.ToldAccuracy"/> finds it again.</summary>
    private static string Accuracy(Observation last)
        => Json(new { epoch = last.Epoch, validation = last.ValidationAccuracy, validationImages = last.ValidationCount, test = last.TestAccuracy });

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, Readable);
}
