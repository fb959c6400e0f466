using System.Text.Json;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Predictors;

namespace NeuralCapacitance.Domain.Finalizations;

/// <summary>What a client asks for when it has a job finalized.</summary>
/// <param name="Candidate">Name in the job; null: the first of the ranking.</param>
/// <param name="Predictor">Whose ranking; null: the job's own.</param>
public sealed record FinalizeOrder(FinalizeSpec Spec, string? Candidate, string? Predictor);

/// <summary>The order, or every reason why there is none.</summary>
public sealed record FinalizeOrderResult(FinalizeOrder? Order, IReadOnlyList<SpecFault> Faults)
{
    /// <summary>There are more faults than <see cref="Faults"/>.</summary>
    public bool HasMore { get; init; }
}

/// <summary>Reads the body of a request to finalize, and <c>selection.finalize</c> of a job spec. A field that is null counts as absent.</summary>
public static class FinalizeReader
{
    private const string Training = "training.";

    /// <summary>A name that a job makes up from the weights' path may be longer than one that a client gives.</summary>
    private const int LongestName = 10_000;

    /// <summary>Never throws on bad input, only if the catalogue itself breaks.</summary>
    /// <param name="json">All fields are optional.</param>
    /// <param name="job">As resolved.</param>
    /// <param name="datasets">Where the images must still be.</param>
    public static FinalizeOrderResult Read(string json, JobSpec job, IDatasetCatalogue datasets)
    {
        var faults = new SpecFaults();
        try
        {
            using var document = JsonDocument.Parse(json);
            if (WellFormedText.FaultIn(document.RootElement) is { } fault) return new(null, [fault]);
            var root = new SpecObject("", document.RootElement, faults);
            var order = new FinalizeOrder(ReadSpec(root), ReadCandidate(root, job), ReadPredictor(root));
            if (root.IsObject) root.RejectUnknownFields("a request to finalize");
            if (faults.Count == 0) CheckData(order.Spec.For(job, job.Candidates[0]), datasets, faults);
            return new(faults.Count == 0 ? order : null, faults) { HasMore = faults.HasMore };
        }
        catch (JsonException)
        {
            return new(null, [new SpecFault("$", null, $"is no JSON: {SpecText.FaultIn(json)}", "a JSON object, or nothing")]);
        }
    }

    /// <summary>The fields that both have.</summary>
    internal static FinalizeSpec ReadSpec(SpecObject section)
    {
        var standard = new FinalizeSpec();
        return new FinalizeSpec
        {
            Head = ModelHeads.Parse(section.Word("head", ModelHeads.NameOf(standard.Head), ModelHeads.All)),
            Epochs = (int?)section.Whole("epochs", 1, 10_000),
            TrainLimit = ReadTrainLimit(section),
            Seed = section.Whole("seed", 0),
        };
    }

    private static int? ReadTrainLimit(SpecObject section)
    {
        if (section.Take("trainLimit") is not { } value) return null;
        if (value.ValueKind == JsonValueKind.String && value.ValueEquals("all")) return FinalizeSpec.AllImages;
        return (int?)section.Whole("trainLimit", 2, int.MaxValue, "\"all\", or a whole number, at least 2");
    }

    private static string? ReadCandidate(SpecObject root, JobSpec job)
    {
        var names = job.Candidates.Select(candidate => candidate.Name).ToList();
        var accepted = string.Join(", ", names);
        var given = root.Take("candidate");
        if (root.Text("candidate", LongestName, accepted) is not { } name) return null;
        if (names.Contains(name, StringComparer.Ordinal)) return name;
        root.Fault("candidate", given, "is no candidate of the job" + SpecObject.Suggestion(name, names), accepted);
        return null;
    }

    private static string? ReadPredictor(SpecObject root)
    {
        if (root.Take("predictor") is not { } given) return null;
        if (root.Has("candidate"))
        {
            root.Fault("predictor", given, "has no meaning beside `candidate`", "one of the two");
            return null;
        }
        return root.Word("predictor", "", PredictorNames.All);
    }

    /// <summary>The images may have gone since the job was posted, and a limit may be more than there are.</summary>
    private static void CheckData(JobSpec spec, IDatasetCatalogue datasets, SpecFaults faults)
    {
        var found = new SpecFaults();
        new SpecRules(spec, found).CheckData(datasets);
        faults.AddRange(found.Select(fault => fault.Path.StartsWith(Training, StringComparison.Ordinal) ? fault with { Path = fault.Path[Training.Length..] } : fault));
    }
}
