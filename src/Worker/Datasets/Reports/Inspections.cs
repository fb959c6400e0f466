using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Worker.Datasets.Cache;

namespace NeuralCapacitance.Worker.Datasets.Reports;

/// <summary>What is kept of an inspection.</summary>
/// <param name="Shown">With the first broken files.</param>
/// <param name="Broken">All of them.</param>
internal sealed record InspectionReport(DatasetInspection Shown, IReadOnlyList<BrokenFile> Broken);

/// <summary>The inspections of this machine: one for each content of a data set.</summary>
internal sealed class Inspections(string cacheRoot, int threads, TimeProvider time, ILogger logger)
{
    /// <summary>Counts up when what is found, or its form, changes.</summary>
    private const string Form = "neural-capacitance inspection 3";

    private const int MostInspections = 1_000;

    private readonly ReportStore store = new(Path.Combine(cacheRoot, "inspections"), MostInspections, time, logger);

    /// <summary>Changes with the content of a source, and with the names of its files.</summary>
    public static string VersionOf(IImageSource source)
    {
        var names = string.Join('\0', source.Files ?? []);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Form}\0{source.Hash}\0{names}")));
    }

    /// <summary>Made now if it is not there: everything is decoded. Nobody's cancellation reaches it, since others may wait for it too.</summary>
    /// <exception cref="DatasetException">A file cannot be read.</exception>
    /// <exception cref="IOException">The disk is full, for one.</exception>
    public InspectionReport Of(IImageSource source)
    {
        var version = VersionOf(source);
        return Parse(store.Of(NameOf(version), () => JsonSerializer.SerializeToUtf8Bytes(new ImageScan(source, threads).Run(version, CancellationToken.None))));
    }

    /// <summary>Null: nobody has looked at it yet.</summary>
    public InspectionReport? Known(IImageSource source) => store.Find(NameOf(VersionOf(source))) is { } json ? Parse(json) : null;

    private static string NameOf(string version) => $"{version}.json";

    private static InspectionReport Parse(byte[] json) => JsonSerializer.Deserialize<InspectionReport>(json)!;
}
