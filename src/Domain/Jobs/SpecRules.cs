using System.Globalization;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Races;

namespace NeuralCapacitance.Domain.Jobs;

/// <summary>What must hold between fields, and between the spec and its data. A rule is silent where one of its fields is already at fault, but for what is offered there: no
/// offer is empty, or refused by the next rule.</summary>
internal sealed class SpecRules(JobSpec spec, SpecFaults faults)
{
    /// <summary>A batch of one has no variance.</summary>
    private const int LeastTrained = 2;

    private readonly SpecOffers offers = new(faults);

    /// <summary>Whether the spec says how many epochs to observe; what it does not say follows the others.</summary>
    public bool SaysObserve { get; init; } = true;

    /// <summary>What was found out about the data set; null: nothing.</summary>
    public DatasetInfo? Dataset { get; private set; }

    public void Check(IDatasetCatalogue datasets)
    {
        // A fault that is not told may be in any field.
        if (faults.IsFull) return;
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
        var found = new SpecFaults();
        new SpecRules(finalize.For(spec, spec.Candidates[0]), found).CheckData(datasets);
        faults.AddRange(found.Select(fault => fault with { Path = fault.Path.Replace("training.", "selection.finalize.", StringComparison.Ordinal) }));
    }

    private void CheckWindow()
    {
        var (epochs, selection) = (spec.Training.Epochs, spec.Selection);
        var (hasEpochs, hasObserve, hasStart) = (Sound("training.epochs"), Sound("selection.observe"), Sound("selection.start"));
        if (hasEpochs && hasObserve && hasStart)
        {
            if (SelectionQuery.WindowFault(selection, epochs) is { } fault) faults.Add(fault with { Path = $"selection.{fault.Path}" });
            return;
        }
        if (hasObserve && hasStart) offers.Whole("training.epochs", SaysObserve ? selection.LastEpoch() : SelectionSpec.LeastObserve + (selection.Start ?? 0), JobSpecReader.MostEpochs);
        if (!hasEpochs) return;
        // Where the other field leaves no room, it is the one that has to change.
        offers.Whole("selection.observe", SelectionSpec.LeastObserve, epochs);
        offers.Whole("selection.observe", SelectionSpec.LeastObserve, epochs - (hasStart ? selection.Start ?? 0 : 0));
        offers.Whole("selection.start", 0, epochs - SelectionSpec.LeastObserve, "\"auto\" or ");
        offers.Whole("selection.start", 0, epochs - (hasObserve ? selection.Observe : SelectionSpec.LeastObserve), "\"auto\" or ");
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
        var (side, batch) = (spec.Training.ImageSize, spec.Training.BatchSize);
        var (hasSide, hasBatch) = (Sound("training.imageSize"), Sound("training.batchSize"));
        var most = (int)Math.Min(JobSpecReader.MostBatch, int.MaxValue / (3L * side * side));
        if (hasSide && hasBatch && batch > most)
        {
            faults.Add(new SpecFault(
                "training.batchSize", Text(batch), $"makes a batch of images of side {side} larger than 2 GiB", $"a whole number from {JobSpecReader.LeastBatch} to {most}, or a smaller imageSize"));
        }
        if (hasSide && !hasBatch) offers.Whole("training.batchSize", JobSpecReader.LeastBatch, most);
        if (hasBatch) offers.Whole("training.imageSize", JobSpecReader.LeastImageSize, Math.Min(JobSpecReader.MostImageSize, (int)Math.Sqrt(int.MaxValue / (3.0 * batch))));
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
        var images = info.TrainImages;
        var bringsValidation = info.ValidationImages > 0;
        var least = LeastTrained + (bringsValidation ? 0 : 1);
        if (info.Classes.Count < 2)
            faults.Add(new SpecFault("dataset.classes", null, $"leaves {info.Classes.Count} classes with images", "at least two classes"));
        if (images < least)
            faults.Add(new SpecFault(spec.Dataset.Path is null ? "dataset.name" : "dataset.path", spec.Dataset.Path ?? spec.Dataset.Name, $"has {images} training images", $"a data set with at least {least} training images"));
        else if (CheckValidation(info, bringsValidation) is { } validation)
            CheckTrained(images - validation, bringsValidation ? "" : $" left beside {validation} for validation");
    }

    /// <returns>Images that are set aside; null: there is a fault.</returns>
    private int? CheckValidation(DatasetInfo info, bool bringsValidation)
    {
        const string Path = "training.validation";
        var (training, images) = (spec.Training, info.TrainImages);
        if (bringsValidation)
        {
            if (Sound(Path) && training.Validation is null) return 0;
            if (Sound(Path))
            {
                faults.Add(new SpecFault(
                    Path, Text(training.Validation), $"has no meaning for a data set that brings its own {info.ValidationImages} validation images", "null, or no `validation`"));
            }
            offers.Replace(Path, "null, or no `validation`");
            return null;
        }
        var validation = training.ValidationImages(images);
        if (Sound(Path) && validation >= 1 && images - validation >= LeastTrained) return validation;
        if (Sound(Path)) faults.Add(new SpecFault(Path, Text(training.Validation), $"sets {validation} of {images} training images aside", ""));

        // Leaving room for what else the spec asks for, as far as that is possible.
        var wanted = Math.Max(LeastTrained, Sound("training.trainLimit") ? training.TrainLimit ?? 0 : 0);
        int[] reserved = [Sound("training.batchSize") ? Math.Max(wanted, training.BatchSize) : wanted, wanted, LeastTrained];
        var most = images - reserved.First(count => count < images);
        var byDefault = (training with { Validation = null }).ValidationImages(images);
        offers.Replace(Path, $"a count from 1 to {most}, a fraction that sets as many aside{(byDefault >= 1 && byDefault <= most ? ", or null" : "")}");
        return null;
    }

    /// <param name="left">Images to train on, at least 2.</param>
    /// <param name="beside">What else there is, for messages.</param>
    private void CheckTrained(int left, string beside)
    {
        var training = spec.Training;
        var (hasLimit, hasBatch) = (Sound("training.trainLimit"), Sound("training.batchSize"));
        if (hasLimit && training.TrainLimit > left)
        {
            faults.Add(new SpecFault("training.trainLimit", Text(training.TrainLimit), $"is more than the {left} training images{beside}", ""));
            hasLimit = false;
        }
        if (!hasLimit) offers.Whole("training.trainLimit", hasBatch && training.BatchSize <= left ? Math.Max(LeastTrained, training.BatchSize) : LeastTrained, left, after: ", or null for all");
        var used = hasLimit ? training.TrainLimit ?? left : left;
        if (hasLimit && hasBatch && training.BatchSize > used)
            faults.Add(new SpecFault("training.batchSize", Text(training.BatchSize), $"is more than the {used} images to train on", $"a whole number from {JobSpecReader.LeastBatch} to {used}"));
        else if (!hasBatch)
            offers.Whole("training.batchSize", JobSpecReader.LeastBatch, Math.Min(used, MostOfSide()));
    }

    private int MostOfSide() => Sound("training.imageSize") ? (int)Math.Min(JobSpecReader.MostBatch, int.MaxValue / (3L * spec.Training.ImageSize * spec.Training.ImageSize)) : JobSpecReader.MostBatch;

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
