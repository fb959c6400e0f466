using System.Text.Json;
using NeuralCapacitance.Domain.Backbones;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Finalizations;
using NeuralCapacitance.Domain.Notifications;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Races;

namespace NeuralCapacitance.Domain.Jobs;

/// <summary>
/// Turns a client's JSON into a resolved <see cref="JobSpec"/>, or reports its faults, all at once; of more than 50 the first ones.
/// Names of fields are camelCase and exact, those of backbones, data sets and other words are taken in any case; a field that is null counts as absent;
/// unknown fields are faults.
/// </summary>
/// <param name="weights">Checks that <c>file:PATH</c> weights exist; null leaves that to the worker.</param>
/// <param name="check">Opens them; null leaves that to the trial.</param>
/// <param name="receivers">Whom <c>notify</c> may name; null leaves that to the sending.</param>
public sealed class JobSpecReader(IBackboneCatalogue backbones, IDatasetCatalogue datasets, IWeightsStore? weights = null, IWeightsCheck? check = null, IReceiverPolicy? receivers = null)
{
    internal const int MostEpochs = 10_000;

    internal const int LeastBatch = 2;

    internal const int MostBatch = 65_536;

    internal const int LeastImageSize = 8;

    internal const int MostImageSize = 1_024;

    private static readonly string[] Modes = [.. Enum.GetNames<SelectionMode>().Select(name => name.ToLowerInvariant())];

    /// <summary>Never throws on bad input, only if a catalogue itself breaks.</summary>
    public JobSpecResult Read(string json)
    {
        var faults = new SpecFaults();
        try
        {
            using var document = JsonDocument.Parse(json);
            if (WellFormedText.FaultIn(document.RootElement) is { } fault) return new JobSpecResult(null, [fault]);
            var root = new SpecObject("", document.RootElement, faults);
            if (!root.IsObject) return new JobSpecResult(null, faults);
            var (spec, dataset) = ReadSpec(root, faults);
            return new JobSpecResult(faults.Count == 0 ? spec : null, faults, faults.AreObstacles ? spec : null)
            {
                HasMore = faults.HasMore,
                Problems = dataset is null ? [] : [.. dataset.Remarks, .. Plausibility.WarningsOf(spec, dataset)],
            };
        }
        catch (JsonException)
        {
            return new JobSpecResult(null, [new SpecFault("$", null, $"is no JSON: {SpecText.FaultIn(json)}", "a JSON object with `dataset` and `candidates`")]);
        }
    }

    private (JobSpec Spec, DatasetInfo? Dataset) ReadSpec(SpecObject root, SpecFaults faults)
    {
        var dataset = new DatasetSpecReader(datasets.Kinds).Read(root);
        var candidates = new CandidateReader(backbones, weights, check).Read(root);
        var training = ReadTraining(root.Section("training"));
        var selection = root.Section("selection");
        var spec = new JobSpec
        {
            Dataset = dataset,
            Candidates = candidates,
            Training = training,
            Probe = ReadProbe(root.Section("probe")),
            Selection = ReadSelection(selection, training.Epochs),
            Name = root.Text("name", 200, "a text of 1 to 200 characters"),
            Priority = (int)(root.Whole("priority", -100, 100) ?? 0),
            Notify = NotifyReader.Read(root, receivers),
        };
        root.RejectUnknownFields();
        var rules = new SpecRules(spec, faults) { SaysObserve = selection.Has("observe") };
        rules.Check(datasets);
        return (spec, rules.Dataset);
    }

    private static TrainingSpec ReadTraining(SpecObject section)
    {
        var standard = new TrainingSpec();
        var optimizer = section.Word("optimizer", standard.Optimizer, ["sgd", "adam", "adamw"]);
        var spec = new TrainingSpec
        {
            Epochs = (int?)section.Whole("epochs", SelectionSpec.LeastObserve, MostEpochs) ?? standard.Epochs,
            // A batch of one has no variance, so BatchNorm cannot train on it.
            BatchSize = (int?)section.Whole("batchSize", LeastBatch, MostBatch) ?? standard.BatchSize,
            LearningRate = section.Number("learningRate", x => x is > 0 and <= 10, "a number above 0, at most 10") ?? standard.LearningRate,
            Optimizer = optimizer,
            Momentum = section.Number("momentum", x => x is >= 0 and < 1, "a number from 0 to below 1") ?? standard.Momentum,
            WeightDecay = section.Number("weightDecay", x => x is >= 0 and <= 1, "a number from 0 to 1") ?? TrainingSpec.StandardWeightDecay(optimizer),
            ImageSize = (int?)section.Whole("imageSize", LeastImageSize, MostImageSize) ?? standard.ImageSize,
            Repeats = (int?)section.Whole("repeats", 1, 100) ?? standard.Repeats,
            Seed = section.Whole("seed", 0) ?? standard.Seed,
            TrainLimit = (int?)section.Whole("trainLimit", 2, int.MaxValue, "a whole number, at least 2, or null for all training images"),
            Validation = section.Number(
                "validation",
                x => x is > 0 and < 1 || (x >= 1 && double.IsInteger(x) && x <= int.MaxValue),
                "a count of images (1 or more), a fraction between 0 and 1, or null"),
            SaveWeights = section.Flag("saveWeights", standard.SaveWeights),
        };
        section.RejectUnknownFields();
        return spec;
    }

    private static ProbeSpec ReadProbe(SpecObject section)
    {
        var standard = new ProbeSpec();
        var spec = new ProbeSpec
        {
            Hidden = ReadHidden(section) ?? standard.Hidden,
            Dropout = section.Number("dropout", x => x is >= 0 and < 1, "a number from 0 to below 1") ?? standard.Dropout,
            Samples = (int?)section.Whole("samples", 1, 1_000_000) ?? standard.Samples,
        };
        section.RejectUnknownFields();
        return spec;
    }

    private static int[]? ReadHidden(SpecObject section)
    {
        // β_eff lives on the Dense layers that have both a predecessor and a successor: with one hidden layer there is none.
        const string Accepted = "a list of 2 to 8 widths, each from 1 to 8192";
        if (section.List("hidden", Accepted) is not { } items) return null;
        if (items.Count is < 2 or > 8) section.Fault(items.Path, null, $"has {items.Count} layers", Accepted);
        return items.Count > 8 ? null : [.. items.Items().Select(item => section.WholeOf(item.Path, item.Element, 1, 8_192) ?? 1)];
    }

    /// <param name="epochs">Of the training.</param>
    private static SelectionSpec ReadSelection(SpecObject section, int epochs)
    {
        var standard = new SelectionSpec();
        var start = ReadStart(section);
        var mode = Enum.Parse<SelectionMode>(section.Word("mode", "early", Modes), ignoreCase: true);
        var spec = new SelectionSpec
        {
            Observe = (int?)section.Whole("observe", SelectionSpec.LeastObserve, MostEpochs)
                ?? (mode == SelectionMode.Race ? RaceSpec.FirstRound : Math.Clamp(epochs - (start ?? 0), SelectionSpec.LeastObserve, standard.Observe)),
            Start = start,
            Mode = mode,
            Predictor = section.Word("predictor", standard.Predictor, PredictorNames.All),
            Confidence = section.Number("confidence", x => x is > 0 and < 1, "a number between 0 and 1") ?? standard.Confidence,
            Scores = section.Flag("scores", standard.Scores),
            Race = ReadRace(section, mode),
            Finalize = ReadFinalize(section),
        };
        section.RejectUnknownFields();
        return spec;
    }

    private static RaceSpec? ReadRace(SpecObject selection, SelectionMode mode)
    {
        if (mode != SelectionMode.Race)
        {
            if (selection.Take("race") is { } given)
                selection.Fault(selection.PathOf("race"), given, $"has no meaning in mode {mode.ToString().ToLowerInvariant()}", "no `race` section, or mode race");
            return null;
        }
        var standard = new RaceSpec();
        var section = selection.Section("race");
        var spec = new RaceSpec
        {
            DropBelow = section.Number("dropBelow", x => x is >= 0 and <= 0.5, "a probability from 0 to 0.5") ?? standard.DropBelow,
            Tolerance = section.Number("tolerance", x => x is >= 0 and <= 1, "an accuracy from 0 to 1") ?? standard.Tolerance,
        };
        section.RejectUnknownFields();
        return spec;
    }

    private static FinalizeSpec? ReadFinalize(SpecObject selection)
    {
        if (!selection.Has("finalize"))
        {
            selection.Take("finalize");
            return null;
        }
        var section = selection.Section("finalize");
        var spec = FinalizeReader.ReadSpec(section);
        section.RejectUnknownFields();
        return spec;
    }

    private static int? ReadStart(SpecObject section)
    {
        if (section.Take("start") is not { } value) return null;
        if (value.ValueKind == JsonValueKind.String && value.ValueEquals("auto")) return null;
        return (int?)section.Whole("start", 0, MostEpochs, "\"auto\" or a whole number from 0 to 10000");
    }
}
