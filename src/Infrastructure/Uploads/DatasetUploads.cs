using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Domain.Access;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Infrastructure.Archives;
using NeuralCapacitance.Infrastructure.Storage;

namespace NeuralCapacitance.Infrastructure.Uploads;

/// <param name="Created">False: the same archive was uploaded under this name before.</param>
public sealed record UploadResult(UploadedDataset Dataset, bool Created);

/// <summary>
/// Takes zip files of images in. An archive is received into a file, judged by its directory, unpacked beside its final place, judged by the
/// catalogue as a job would judge it, and renamed. Whatever stops that on the way leaves nothing behind.
/// </summary>
public sealed partial class DatasetUploads
{
    public const string AcceptedName = "1 to 64 characters: a–z, 0–9, '-', '_' and '.', of which the first is a letter or digit";

    private const int LeastClasses = 2;
    private const int CopyBytes = 1 << 17;
    private const int MostAtOnce = 2;

    private readonly UploadFolder _folder;
    private readonly UploadOptions _options;
    private readonly IDatasetCatalogue _catalogue;
    private readonly TimeProvider _clock;
    private readonly ILogger<DatasetUploads> _logger;
    private readonly Func<string, long> _freeBytes;
    private readonly SemaphoreSlim _turns = new(MostAtOnce);

    /// <param name="freeBytes">Free space of the disk of a folder; null asks the system.</param>
    internal DatasetUploads(
        UploadFolder folder, IOptions<UploadOptions> options, IDatasetCatalogue catalogue, TimeProvider clock, ILogger<DatasetUploads> logger,
        Func<string, long>? freeBytes = null)
    {
        _folder = folder;
        _options = options.Value;
        _catalogue = catalogue;
        _clock = clock;
        _logger = logger;
        _freeBytes = freeBytes ?? DiskSpace.FreeBytes;
    }

    /// <summary>Bytes that an archive may have.</summary>
    public long MaxBytes => _options.MaxBytes;

    /// <summary>The body of a request, which ends with a <see cref="BodyTooSlowException"/> where its sender does not keep up.</summary>
    public Stream Pace(PipeReader body) => new PacedBody(body, _options, _clock);

    public static bool IsName(string name) => NamePattern().IsMatch(name);

    /// <summary>Absolute path of the folder of an uploaded data set.</summary>
    public string PathOf(string name) => _folder.PathOf(name);

    /// <summary>Null: none of this name was uploaded, or what says so cannot be read.</summary>
    public UploadedDataset? Find(string name)
    {
        if (!IsName(name)) return null;
        try
        {
            return UploadedDataset.ReadFrom(PathOf(name));
        }
        catch (JsonException e)
        {
            LogDamaged(e, PathOf(name));
            return UploadedDataset.Restore(PathOf(name), name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogUnreadable(e, PathOf(name));
            return null;
        }
    }

    /// <param name="name">As <see cref="IsName"/> accepts.</param>
    /// <param name="archive">A zip file, read once from begin to end.</param>
    /// <param name="by">Whose it becomes; null: the service's own.</param>
    /// <param name="length">Its bytes, or a little more; null: not known.</param>
    /// <exception cref="ArchiveException">It is refused, with all reasons that were found.</exception>
    /// <exception cref="UploadTooLargeException">It has more than <see cref="MaxBytes"/>; the rest of it is not read.</exception>
    /// <exception cref="UploadBrokenOffException">It ended too early.</exception>
    /// <exception cref="DatasetNameTakenException">Another data set has the name.</exception>
    /// <exception cref="StorageFullException">The disk is full, or would be.</exception>
    public async Task<UploadResult> AddAsync(string name, Stream archive, long? length, CancellationToken cancellationToken, Caller? by = null)
    {
        if (!IsName(name)) throw new ArgumentException($"'{name}' is no name of a data set.", nameof(name));
        if (Find(name) is null && IsKnown(name)) throw new DatasetNameTakenException($"'{name}' is a data set already, and not an uploaded one. Choose another name.");
        var staging = _folder.Begin();
        var space = new DiskSpace(_folder.Root, _options.KeepFreeBytes, _freeBytes);
        try
        {
            space.Require(length ?? 0);
            await using var file = staging.CreateArchive();
            var hash = await ReceiveAsync(archive, file, space, cancellationToken);
            return await InTurnAsync(() => Publish(name, hash, by ?? Caller.Local, file, staging, space, cancellationToken), cancellationToken);
        }
        catch (IOException e) when (DiskSpace.IsFull(e))
        {
            throw new StorageFullException("The disk is full. Nothing was kept.", $"The disk of '{_folder.Root}' is full.", e);
        }
        finally
        {
            staging.Discard();
        }
    }

    /// <summary>Two keep the disk and both cores of a small machine busy. Nobody's turn depends on how fast a client sends.</summary>
    private async Task<UploadResult> InTurnAsync(Func<UploadResult> publish, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(publish, cancellationToken);
        }
        finally
        {
            _turns.Release();
        }
    }

    /// <returns>False: there was none.</returns>
    public bool Remove(string name)
    {
        if (Find(name) is null || !_folder.Remove(name)) return false;
        LogRemoved(name);
        return true;
    }

    /// <summary>Of the images of all data sets that the owner has uploaded.</summary>
    public long BytesOf(string owner) => List().Where(upload => string.Equals(upload.Owner, owner, StringComparison.Ordinal)).Sum(upload => upload.Bytes);

    /// <summary>All that were uploaded, by name.</summary>
    internal IReadOnlyList<UploadedDataset> List()
        => Directory.Exists(_folder.Root)
            ? [.. Directory.EnumerateDirectories(_folder.Root).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal).Select(Find).OfType<UploadedDataset>()]
            : [];

    /// <summary>When a job on it came last, or it was uploaded.</summary>
    internal DateTimeOffset UsedAt(UploadedDataset dataset) => UploadedDataset.UsedAt(PathOf(dataset.Name), dataset.UploadedAt);

    /// <summary>A job on it has come.</summary>
    public void MarkUsed(UploadedDataset dataset)
    {
        try
        {
            UploadedDataset.MarkUsed(PathOf(dataset.Name), _clock.GetUtcNow());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The job's own row tells it, too.
            LogNotMarked(e, dataset.Name);
        }
    }

    /// <inheritdoc cref="UploadFolder.Hide"/>
    internal string? Hide(string name)
    {
        var hidden = Find(name) is null ? null : _folder.Hide(name);
        if (hidden is not null) LogRemoved(name);
        return hidden;
    }

    /// <summary>
    /// A folder of a data root, which would be found before the uploaded one; or a kind of data set that is no folder, or could be any.
    /// A kind that may have a path finds its files in a folder of its name: <see cref="Judge"/> lets it decide.
    /// </summary>
    private bool IsKnown(string name)
    {
        if (_catalogue.Kinds.Any(kind => kind.Name == name && kind.Path != PathUse.Optional)) return true;
        try
        {
            _catalogue.Inspect(new DatasetSpec { Name = DatasetSpec.ImageFolderName, Path = name });
            return true;
        }
        catch (DatasetException)
        {
            return false;
        }
    }

    private async Task<string> ReceiveAsync(Stream archive, FileStream file, DiskSpace space, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[CopyBytes];
        for (int read; (read = await ReadAsync(archive, buffer, cancellationToken)) > 0;)
        {
            if (file.Position + read > MaxBytes) throw new UploadTooLargeException(MaxBytes);
            space.Spend(read);
            hash.AppendData(buffer, 0, read);
            await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
        await file.FlushAsync(cancellationToken);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Told apart from a failure of the disk.</summary>
    private static async Task<int> ReadAsync(Stream archive, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await archive.ReadAsync(buffer, cancellationToken);
        }
        catch (IOException e)
        {
            throw new UploadBrokenOffException(e);
        }
    }

    private UploadResult Publish(string name, string hash, Caller by, FileStream file, UploadFolder.Staging staging, DiskSpace space, CancellationToken cancellationToken)
    {
        if (Known(name, hash, by) is { } known) return known;
        var unpacked = Unpack(name, file, staging.Folder, space, cancellationToken);
        var dataset = new UploadedDataset
        {
            Name = name,
            Owner = by.Owner,
            ArchiveHash = hash,
            UploadedAt = _clock.GetUtcNow(),
            Images = unpacked.Images,
            Bytes = unpacked.Bytes,
            LeftOut = unpacked.LeftOut,
            LeftOutCount = unpacked.LeftOutCount,
        };
        dataset.WriteTo(staging.Folder);
        if (!_folder.TryPublish(staging.Folder, name))
            return Known(name, hash, by) ?? throw new DatasetNameTakenException($"A folder '{name}' exists among the uploads, and no upload made it. Choose another name.");
        LogAdded(name, dataset.Images, dataset.Bytes);
        return new UploadResult(dataset, Created: true);
    }

    /// <exception cref="DatasetNameTakenException">Another archive or another owner made the data set.</exception>
    private UploadResult? Known(string name, string hash, Caller by)
    {
        if (Find(name) is not { } known) return null;
        if (!string.Equals(known.Owner, by.Owner, StringComparison.Ordinal)) throw new DatasetNameTakenException($"'{name}' was uploaded by somebody else. Choose another name.");
        return known.ArchiveHash == hash
            ? new UploadResult(known, Created: false)
            : throw new DatasetNameTakenException($"'{name}' was uploaded on {known.UploadedAt:u} from another archive{(known.ArchiveHash.Length == 0 ? ", or from this one: which is no longer known" : "")}. Choose another name, or delete that one first.");
    }

    private Unpacked Unpack(string name, FileStream file, string folder, DiskSpace space, CancellationToken cancellationToken)
    {
        var archive = UploadPlan.OpenArchive(file, _options);
        var plan = UploadPlan.Of(archive.Items, file.Length, _options);
        space.Require(plan.Length);
        Directory.CreateDirectory(folder);
        var unpacked = new Unpacking(archive, plan, folder, space).Run(cancellationToken);
        Judge(name, folder);
        return unpacked;
    }

    /// <summary>What a job would refuse is refused now.</summary>
    private void Judge(string name, string folder)
    {
        var real = RealPath.Of(Path.GetFullPath(folder));
        var accepted = $"one folder per class with image files ({ImageFiles.Endings}), at the top, or in folders train and test (or valid)";
        try
        {
            var classes = _catalogue.Inspect(new DatasetSpec { Name = DatasetSpec.ImageFolderName, Path = folder }).Classes;
            if (classes.Count < LeastClasses)
                throw new ArchiveException(null, $"{classes.Count} folder of images", "has fewer than two classes", accepted);
        }
        catch (DatasetException e)
        {
            throw new ArchiveException(null, null, $"holds no data set: {e.Message.Replace(real, name, StringComparison.Ordinal).Replace(Path.GetFileName(real), name, StringComparison.Ordinal).TrimEnd('.')}", accepted);
        }
        if (_catalogue.Kinds.All(kind => kind.Name != name)) return;
        try
        {
            _catalogue.Inspect(new DatasetSpec { Name = name, Path = folder });
        }
        catch (DatasetException)
        {
            throw new DatasetNameTakenException($"'{name}' is the name of a data set with files of another kind. Choose another name.");
        }
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9._-]{0,63}\z", RegexOptions.None, 1000)]
    private static partial Regex NamePattern();

    [LoggerMessage(2600, LogLevel.Information, "Data set {Dataset} was uploaded: {Images} images, {Bytes} bytes")]
    private partial void LogAdded(string dataset, int images, long bytes);

    [LoggerMessage(2601, LogLevel.Information, "The uploaded data set {Dataset} was deleted")]
    private partial void LogRemoved(string dataset);

    [LoggerMessage(2606, LogLevel.Warning, "That the uploaded data set {Dataset} is used could not be noted")]
    private partial void LogNotMarked(Exception exception, string dataset);

    [LoggerMessage(2605, LogLevel.Warning, "What is kept about the upload {Folder} is damaged, and is made again from its files")]
    private partial void LogDamaged(Exception exception, string folder);

    [LoggerMessage(2604, LogLevel.Warning, "{Folder} is not taken for an upload: what is kept about it cannot be read")]
    private partial void LogUnreadable(Exception exception, string folder);
}
