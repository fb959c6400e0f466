using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Worker.Backbones;
using NeuralCapacitance.Worker.Datasets;
using NeuralCapacitance.Worker.Probe;
using NeuralCapacitance.Worker.Training;

namespace NeuralCapacitance.Benchmarks;

/// <summary>Generated images in the memory-mapped cache, and the product's own fine-tuning on them: what a trial does, without the queue.</summary>
internal sealed class Workbench : IDisposable
{
    public const int BatchSize = 64;
    public const int ImageSize = 32;
    public const int Classes = 10;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nc-bench-");
    private readonly BackboneCatalogue _backbones = new();
    private readonly ComputeDevice _device;
    private readonly LoadedDataset _data;
    private readonly TrainingSpec _training;

    public Workbench(int images, ComputeDevice device, int imageSize = ImageSize, int batchSize = BatchSize)
    {
        _training = new() { BatchSize = batchSize, ImageSize = imageSize };
        _device = device;
        _device.Enter();
        var loader = new DatasetLoader(
            Options.Create(new DatasetOptions { CacheRoot = _folder.FullName, DownloadRoot = _folder.FullName, DecodeThreads = device.Threads }), TimeProvider.System, NullLogger<DatasetLoader>.Instance);
        _data = loader.Load(
            new() { Name = "synthetic", Synthetic = new() { Classes = Classes, TrainImages = images, TestImages = 10 } }, imageSize, CancellationToken.None);
    }

    public ImageSet Images => _data.Train;

    /// <param name="layout">Null: the product's own.</param>
    public FineTuning FineTuning(string backbone, MemoryLayout? layout = null)
    {
        var info = _backbones.Find(backbone) ?? throw new ArgumentException($"No backbone is called '{backbone}'.", nameof(backbone));
        TorchSharp.torch.manual_seed(1);
        var network = new BeheadedNetwork(_backbones.Create(backbone), info.FeatureWidth, InputSize.For(info, _training.ImageSize), info.Scaling, info.Family);
        return new(network, new NeuralCapacitanceProbe(info.FeatureWidth, new ProbeSpec(), Classes), _training, _device, layout);
    }

    /// <summary>The product's own.</summary>
    public MemoryLayout LayoutOf(string backbone) => MemoryLayout.Of(_backbones.Find(backbone)!.Family, _device.Torch.type);

    public void Dispose()
    {
        _data.Dispose();
        _folder.Delete(recursive: true);
    }
}
