using System.Text.RegularExpressions;

namespace NeuralCapacitance.Worker.Weights;

/// <summary>
/// Accuracy of the network that a file's weights come from, as the numbers beside its tensors tell it (<see cref="IWeightsFile.Figures"/>): <c>best_prec1</c>,
/// <c>test_acc</c>, <c>val_error</c>, … Numbers up to 1 are shares, greater ones up to 100 percent.
/// </summary>
internal static partial class ToldAccuracy
{
    /// <summary>For messages.</summary>
    public const string Examples = "best_prec1, best_acc1, test_accuracy, val_acc, accuracy, test_error";

    /// <summary>
    /// In [0, 1]. Of several that of test images, else of validation images, else the rest; an accuracy before an error; the first by name.
    /// Null: none is told.
    /// </summary>
    public static double? Find(IReadOnlyDictionary<string, double> figures) => figures
        .Select(figure => (figure.Key, Match: Name().Match(Letters().Replace(figure.Key, "").ToLowerInvariant()), Share: ShareOf(figure.Value)))
        .Where(figure => figure.Match.Success && figure.Share is not null)
        .OrderBy(figure => Images(figure.Match)).ThenBy(figure => IsError(figure.Match)).ThenBy(figure => figure.Key, StringComparer.Ordinal)
        .Select(figure => IsError(figure.Match) ? 1 - figure.Share : figure.Share)
        .FirstOrDefault();

    private static double? ShareOf(double value) => value switch
    {
        >= 0 and <= 1 => value,
        > 1 and <= 100 => value / 100,
        _ => null,
    };

    private static int Images(Match name) => (name.Groups["before"].Value + name.Groups["after"].Value) switch
    {
        var images when images.Contains("test", StringComparison.Ordinal) => 0,
        var images when images.Contains("val", StringComparison.Ordinal) => 1,
        _ => 2,
    };

    private static bool IsError(Match name) => name.Groups["error"].Success;

    /// <summary>What separates the words of a name, or says <c>acc@1</c>.</summary>
    [GeneratedRegex("[^A-Za-z0-9]", RegexOptions.None, 1000)]
    private static partial Regex Letters();

    /// <summary>Of the best of five guesses nothing is taken, nor of training images.</summary>
    [GeneratedRegex("^(?<before>(best|final|last|top1|test|val|valid|validation|eval)*)((accuracy|acc|prec)|(?<error>error|err))(1|top1)?(?<after>test|val|validation)?$",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Name();
}
