using System.Text.Json;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Domain.Datasets;

namespace NeuralCapacitance.Infrastructure.Uploads;

/// <summary>What is kept about an upload, in a file beside its images.</summary>
public sealed record UploadedDataset
{
    private const string FileName = ".upload.json";

    public required string Name { get; init; }

    /// <summary>Who uploaded it, as in <see cref="Caller.Owner"/>.</summary>
    public string Owner { get; init; } = Caller.LocalOwner;

    /// <summary>SHA-256 of the archive as it was sent, hexadecimal; empty where that is no longer known.</summary>
    public required string ArchiveHash { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset UploadedAt { get; init; }

    public required int Images { get; init; }

    /// <summary>Of the images.</summary>
    public required long Bytes { get; init; }

    /// <summary>The first twenty files of the archive that are no images.</summary>
    public required IReadOnlyList<string> LeftOut { get; init; }

    /// <summary>How many those are in all.</summary>
    public required int LeftOutCount { get; init; }

    internal void WriteTo(string folder) => File.WriteAllBytes(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(this));

    internal static UploadedDataset? ReadFrom(string folder)
    {
        var file = Path.Combine(folder, FileName);
        return File.Exists(file) ? JsonSerializer.Deserialize<UploadedDataset>(File.ReadAllBytes(file)) ?? throw new JsonException("It is null.") : null;
    }

    /// <summary>The time of its file, which is set when a job comes.</summary>
    internal static DateTimeOffset UsedAt(string folder, DateTimeOffset uploadedAt)
    {
        var marked = new DateTimeOffset(File.GetLastWriteTimeUtc(Path.Combine(folder, FileName)), TimeSpan.Zero);
        return marked > uploadedAt ? marked : uploadedAt;
    }

    /// <inheritdoc cref="UsedAt"/>
    internal static void MarkUsed(string folder, DateTimeOffset now) => File.SetLastWriteTimeUtc(Path.Combine(folder, FileName), now.UtcDateTime);

    /// <summary>Makes again what is kept, as far as the files tell it.</summary>
    internal static UploadedDataset Restore(string folder, string name)
    {
        var images = new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Where(file => ImageFiles.IsNamedAsImage(file.Name)).ToList();
        var dataset = new UploadedDataset
        {
            Name = name,
            ArchiveHash = "",
            UploadedAt = new DateTimeOffset(Directory.GetCreationTimeUtc(folder), TimeSpan.Zero),
            Images = images.Count,
            Bytes = images.Sum(file => file.Length),
            LeftOut = [],
            LeftOutCount = 0,
        };
        try
        {
            var partial = Path.Combine(folder, $".{Guid.NewGuid():N}");
            File.WriteAllBytes(partial, JsonSerializer.SerializeToUtf8Bytes(dataset));
            File.Move(partial, Path.Combine(folder, FileName), overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is made again whenever it is asked for.
        }
        return dataset;
    }
}
