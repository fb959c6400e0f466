using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Infrastructure.Retention;
using NeuralCapacitance.Infrastructure.Uploads;

namespace NeuralCapacitance.Infrastructure.Tests.Retention;

/// <summary>A node that throws away, without data sets but those that are uploaded.</summary>
internal static class RetentionNode
{
    public static Task<ServiceNode> StartAsync(string database, params (string Key, string Value)[] settings) => ServiceNode.StartAsync(
        database,
        services => services.AddSingleton<IDatasetCatalogue, NoDatasets>().AddSingleton<IUploadUse, UploadsByName>().AddRetention(),
        settings);

    /// <summary>As retention looks at it some time from now.</summary>
    public static RetentionRun In(this ServiceNode node, TimeSpan time)
        => new(node.Services.GetServices<IRetentionRule>(), new ShiftedTime(time), NullLogger<RetentionRun>.Instance);

    public static RetentionKind Of(this RetentionReport report, string kind) => report.Kinds.Single(found => found.Kind == kind);

    /// <summary>An upload as it lies on the disk.</summary>
    public static string Upload(this ServiceNode node, string name, int daysOld)
    {
        var at = TimeProvider.System.GetUtcNow().AddDays(-daysOld);
        var folder = Directory.CreateDirectory(node.Services.GetRequiredService<DatasetUploads>().PathOf(name)).FullName;
        new UploadedDataset { Name = name, ArchiveHash = "", UploadedAt = at, Images = 1, Bytes = 7, LeftOut = [], LeftOutCount = 0 }.WriteTo(folder);
        UploadedDataset.MarkUsed(folder, at);
        return folder;
    }

    public static JobSpec SpecOn(string upload) => Specs.Of(candidates: 1) with { Dataset = new() { Name = DatasetSpec.ImageFolderName, Path = upload } };

    internal sealed class NoDatasets : IDatasetCatalogue
    {
        public IReadOnlyList<DatasetKind> Kinds => [];

        public IReadOnlyList<DatasetInfo> List() => [];

        public DatasetInfo Inspect(DatasetSpec spec) => throw new DatasetException("path", "There is none.");
    }

    internal sealed class UploadsByName(DatasetUploads uploads) : IUploadUse
    {
        public bool Uses(DatasetSpec spec, UploadedDataset upload) => spec.Path == upload.Name;

        public string? WhyGone(DatasetSpec spec) => spec.Path is { } name && uploads.Find(name) is null ? $"'{name}' is gone." : null;
    }

    private sealed class ShiftedTime(TimeSpan shift) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + shift;
    }
}
