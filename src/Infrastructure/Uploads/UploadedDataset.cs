using System.Text.Json;

namespace NeuralCapacitance.Infrastructure.Uploads;

/// <summary>What is kept about an upload, in a file beside its images.</summary>
public sealed record UploadedDataset
{
    private const string FileName = ".upload.json";

    public required string Name { get; init; }

    /// <summary>SHA-256 of the archive as it was sent, hexadecimal.</summary>
    public required string ArchiveHash { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset UploadedAt { get; init; }

    public required int Images { get; init; }

    /// <summary>Of the images.</summary>
    public required long Bytes { get; init; }

    /// <summary>The first ten files of the archive that are no images.</summary>
    public required IReadOnlyList<string> LeftOut { get; init; }

    /// <summary>How many those are in all.</summary>
    public required int LeftOutCount { get; init; }

    internal void WriteTo(string folder) => File.WriteAllBytes(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(this));

    internal static UploadedDataset? ReadFrom(string folder)
    {
        var file = Path.Combine(folder, FileName);
        return File.Exists(file) ? JsonSerializer.Deserialize<UploadedDataset>(File.ReadAllBytes(file)) : null;
    }
}
