namespace NeuralCapacitance.Api.Reports.Plots;

/// <summary>The plots of a job.</summary>
internal enum PlotKind
{
    /// <summary>Validation accuracy by epoch.</summary>
    Curves,

    /// <summary>β_eff by epoch, on a logarithmic scale.</summary>
    Beta,

    /// <summary>Predictions with their intervals.</summary>
    Ranking,

    /// <summary>Accuracy against β_eff.</summary>
    BetaAccuracy,

    /// <summary>How long each candidate of a race was in it.</summary>
    Race,
}

internal enum PlotFormat
{
    Svg,
    Png,
}

/// <summary>A plot's file: <c>beta-accuracy.svg</c>.</summary>
internal sealed record PlotFile(PlotKind Kind, PlotFormat Format)
{
    private static readonly IReadOnlyDictionary<PlotKind, string> Names = new Dictionary<PlotKind, string>
    {
        [PlotKind.Curves] = "curves", [PlotKind.Beta] = "beta", [PlotKind.Ranking] = "ranking", [PlotKind.BetaAccuracy] = "beta-accuracy", [PlotKind.Race] = "race",
    };

    private static readonly IReadOnlyDictionary<PlotFormat, (string Extension, string MediaType)> Formats = new Dictionary<PlotFormat, (string, string)>
    {
        [PlotFormat.Svg] = ("svg", "image/svg+xml"), [PlotFormat.Png] = ("png", "image/png"),
    };

    public static IReadOnlyList<PlotFile> All { get; } = [.. from kind in Names.Keys from format in Formats.Keys select new PlotFile(kind, format)];

    public string Name => $"{Names[Kind]}.{Formats[Format].Extension}";

    public string MediaType => Formats[Format].MediaType;

    /// <summary>Null: there is no plot of this name.</summary>
    public static PlotFile? Find(string name) => All.FirstOrDefault(file => string.Equals(file.Name, name, StringComparison.OrdinalIgnoreCase));
}
