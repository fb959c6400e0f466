using System.Globalization;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Races;

namespace NeuralCapacitance.Domain.Jobs;

/// <summary>What must hold between fields, and between the spec and its data. A rule is silent where one of its fields is already at fault.</summary>
internal sealed class SpecRules(JobSpec spec, List<SpecFault> faults)
{
    /// <summary>What was found out about the data set; null: nothing.</summary>
    public DatasetInfo? Dataset { get; private set; }

    public void Check(IDatasetCatalogue datasets)
    {
        CheckWindow();
        CheckRace();
        CheckBatch();
        CheckData(datasets);
        CheckFinalization(datasets);
    }

    /// <summary>Only what the data have to say.</summary>
    public void CheckData(IDatasetCatalogue datasets)
    {
        if (!Sound("dataset") || Inspect(datasets) is not { } info) return;
        Dataset = info;
        CheckBroken(info);
        CheckImages(info);
    }

    /// <summary>It may train on other images than the selection.</summary>
    private void CheckFinalization(IDatasetCatalogue datasets)
    {
        if (faults.Count > 0 || spec.Selection.Finalize is not { TrainLimit: not null } finalize) return;
        var found = new List<SpecFault>();
        new SpecRules(finalize.For(spec, spec.Candidates[0]), found).CheckData(datasets);
        faults.AddRange(found.Select(fault => fault with { Path = fault.Path.Replace("training.", "selection.finalize.", StringComparison.Ordinal) }));
    }

    private void CheckWindow()
    {
        if (!Sound("training.epochs", "selection.observe", "selection.start")) return;
        var fault = SelectionQuery.WindowFault(spec.Selection, spec.Training.Epochs);
        if (fault is not null) faults.Add(fault with { Path = $"selection.{fault.Path}" });
    }

    private void CheckRace()
    {
        if (!Sound("selection.mode", "selection.predictor") || spec.Selection.Mode != SelectionMode.Race) return;
        if (RaceSpec.Predictors.Contains(spec.Selection.Predictor, StringComparer.Ordinal)) return;
        faults.Add(new SpecFault(
            "selection.predictor", spec.Selection.Predictor, "cannot decide a race: that takes predicted accuracies with their uncertainty, from this job alone",
            string.Join(", ", RaceSpec.Predictors)));
    }

    /// <summary>One batch of images is one array.</summary>
    private void CheckBatch()
    {
        if (!Sound("training.batchSize", "training.imageSize")) return;
        var image = 3L * spec.Training.ImageSize * spec.Training.ImageSize;
        var most = int.MaxValue / image;
        if (spec.Training.BatchSize > most)
        {
            faults.Add(new SpecFault(
                "training.batchSize", Text(spec.Training.BatchSize), $"makes a batch of images of side {spec.Training.ImageSize} larger than 2 GiB",
                $"a whole number from 2 to {most}, or a smaller imageSize"));
        }
    }

    private DatasetInfo? Inspect(IDatasetCatalogue datasets)
    {
        try
        {
            return datasets.Inspect(spec.Dataset);
        }
        catch (DatasetAbsentException e)
        {
            faults.Add(FaultOf(e) with { IsObstacle = true });
            return e.Published;
        }
        catch (DatasetException e)
        {
            faults.Add(FaultOf(e));
            return null;
        }
    }

    private SpecFault FaultOf(DatasetException e) => new($"dataset.{e.Field}", ValueOf(e.Field), e.Message.TrimEnd('.'), e.Field == "onBrokenImage" ? "image files that can be decoded" : "a data set as GET /api/v1/datasets lists it");

    private void CheckBroken(DatasetInfo info)
    {
        if (info.Broken is not { } broken) return;
        var all = info.TrainImages + info.ValidationImages + info.TestImages;
        faults.Add(new SpecFault(
            "dataset.path", spec.Dataset.Path, broken.ToString(),
            broken.MayBeSkipped(all) ? "image files that can be decoded, or \"onBrokenImage\": \"skip\"" : "image files that can be decoded"));
    }

    private void CheckImages(DatasetInfo info)
    {
        var training = spec.Training;
        var images = info.TrainImages;
        var sizesSound = Sound("training.validation", "training.trainLimit", "training.batchSize");
        if (info.Classes.Count < 2)
            faults.Add(new SpecFault("dataset.classes", null, $"leaves {info.Classes.Count} classes with images", "at least two classes"));
        if (!sizesSound) return;

        var bringsValidation = info.ValidationImages > 0;
        if (bringsValidation && training.Validation is { } wanted)
        {
            faults.Add(new SpecFault(
                "training.validation", Text(wanted), $"has no meaning for a data set that brings its own {info.ValidationImages} validation images", "null, or no `validation`"));
            return;
        }
        var validation = bringsValidation ? 0 : training.ValidationImages(images);
        if (!bringsValidation && (validation < 1 || validation >= images))
        {
            faults.Add(new SpecFault(
                "training.validation", Text(training.Validation), $"sets {validation} of {images} training images aside",
                images < 2 ? "a data set with more training images" : $"a count from 1 to {images - 1}, a fraction that leaves images on both sides, or null"));
            return;
        }
        var left = images - validation;
        if (training.TrainLimit > left)
        {
            faults.Add(new SpecFault(
                "training.trainLimit", Text(training.TrainLimit), $"is more than the {left} training images{(bringsValidation ? "" : $" left beside {validation} for validation")}",
                $"a whole number from 2 to {left}, or null for all"));
            return;
        }
        var used = training.TrainLimit ?? left;
        if (training.BatchSize > used)
            faults.Add(new SpecFault("training.batchSize", Text(training.BatchSize), $"is more than the {used} images to train on", $"a whole number from 2 to {used}"));
    }

    private string? ValueOf(string datasetField) => datasetField switch
    {
        "name" => spec.Dataset.Name,
        "path" => spec.Dataset.Path,
        "onBrokenImage" => spec.Dataset.OnBrokenImage == BrokenImage.Skip ? "skip" : null,
        "classes" => spec.Dataset.Classes is { } classes ? string.Join(", ", classes) : null,
        _ => null,
    };

    private bool Sound(params IEnumerable<string> paths) => !faults.Exists(fault => paths.Any(path =>
        fault.Path.StartsWith(path, StringComparison.Ordinal)
        && (fault.Path.Length == path.Length || fault.Path[path.Length] is '.' or '[')));

    private static string? Text(IFormattable? value) => value?.ToString(null, CultureInfo.InvariantCulture);
}
