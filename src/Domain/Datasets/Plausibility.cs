using System.Globalization;
using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Domain.Datasets;

/// <summary>What makes the outcome of a selection hard to believe, told beforehand.</summary>
public static class Plausibility
{
    /// <summary>Training images of a class; a network learns little from fewer.</summary>
    private const int FewImages = 10;

    /// <summary>Accuracies that differ by less than this are common among good candidates.</summary>
    private const double WideMargin = 0.1;

    /// <summary>Of a normal distribution, at 95 %.</summary>
    private const double Quantile = 1.96;

    /// <summary>Of the data set alone.</summary>
    public static IEnumerable<string> WarningsOf(DatasetInfo dataset)
    {
        var few = dataset.Classes.Where(c => c.Train is > 0 and < FewImages).Select(c => c.Class).ToList();
        if (few.Count > 0) yield return $"Fewer than {FewImages} training images in {(few.Count == 1 ? "one class" : $"{few.Count} classes")}: {NameList.Of(few)}.";
    }

    /// <summary>Of what a job makes of the data set.</summary>
    public static IEnumerable<string> WarningsOf(JobSpec spec, DatasetInfo dataset)
    {
        var bringsValidation = dataset.ValidationImages > 0;
        var validation = bringsValidation ? dataset.ValidationImages : spec.Training.ValidationImages(dataset.TrainImages);
        if (validation < 1) yield break;
        // The standard error of the difference of two accuracies near ½ on so many images.
        var margin = Quantile * Math.Sqrt(0.5 / validation);
        if (margin > WideMargin)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"Only {validation} validation images: two candidates whose accuracies differ by less than {100 * margin:0} points can hardly be told apart.");
        }
        if (bringsValidation) yield break;
        // A class is set aside in its proportion, to one image.
        var missing = dataset.Classes.Where(c => (double)c.Train * validation / dataset.TrainImages < 1).Select(c => c.Class).ToList();
        if (missing.Count > 0) yield return $"The validation images that are set aside may hold none of {NameList.Of(missing)}, of which there are too few.";
    }
}
