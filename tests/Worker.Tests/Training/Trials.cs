using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Infrastructure.Artifacts;
using NeuralCapacitance.Infrastructure.Weights;
using NeuralCapacitance.Worker.Datasets;
using NeuralCapacitance.Worker.Hosting;
using NeuralCapacitance.Worker.Training;

namespace NeuralCapacitance.Worker.Tests.Training;

/// <summary>Small, real trials on the synthetic data set, in a folder of their own: one CPU thread, well under a second per epoch.</summary>
internal sealed class Trials : IDisposable
{
    public const int Classes = 3;
    public const int ImageSize = 32;

    private static readonly DatasetSpec Dataset = new()
    {
        Name = "synthetic",
        Synthetic = new SyntheticSpec { Classes = Classes, TrainImages = 240, TestImages = 60 },
    };

    private readonly TemporaryFolder folder = new();
    private readonly ServiceProvider services;

    public Trials()
    {
        Configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
            [
                new("Storage:Root", folder.Path), new("Storage:DataRoots:0", Directory.CreateDirectory(Data).FullName), new("Downloads:Offline", "true"),
                new("Worker:Device", "cpu"), new("Worker:Threads", "1"), new("Worker:AllowTorchScript", "true"),
            ])
            .Build();
        services = new ServiceCollection()
            .AddTraining(Configuration)
            .BuildServiceProvider();
    }

    /// <summary>For another process that is to work in the same folder.</summary>
    public IConfiguration Configuration { get; }

    public string Folder => folder.Path;

    public ArtifactStore Artifacts => services.GetRequiredService<ArtifactStore>();

    public WeightsStore Weights => services.GetRequiredService<WeightsStore>();

    /// <summary>The data root.</summary>
    public string Data => Path.Combine(folder.Path, "data");

    /// <param name="dataset">Null: the synthetic one.</param>
    public LoadedDataset LoadData(DatasetSpec? dataset = null) => services.GetRequiredService<DatasetLoader>().Load(dataset ?? Dataset, ImageSize, CancellationToken.None);

    public void Run(TrialPlan plan, RecordingListener listener, CancellationToken cancellationToken = default)
        => services.GetRequiredService<TrialRunner>().Run(plan, listener, cancellationToken);

    /// <summary>A new trial; equal but for its id when called again.</summary>
    public TrialPlan Plan(
        int epochs, long seed = 1, SelectionMode mode = SelectionMode.Early, string weights = "random", Func<TrainingSpec, TrainingSpec>? change = null)
    {
        var training = new TrainingSpec { Epochs = epochs, BatchSize = 32, LearningRate = 0.01, ImageSize = ImageSize, Seed = seed, Validation = 60 };
        var candidate = new CandidateSpec { Name = "resnet8", Backbone = "resnet8", Weights = weights };
        var trialId = Guid.NewGuid();
        return new TrialPlan
        {
            TrialId = trialId,
            Candidate = candidate,
            Spec = new JobSpec
            {
                Dataset = Dataset,
                Candidates = [candidate],
                Training = change?.Invoke(training) ?? training,
                Probe = new ProbeSpec { Hidden = [32, 16], Samples = 100 },
                Selection = new SelectionSpec { Mode = mode },
            },
            Seed = seed,
            Epochs = epochs,
            Device = ComputeDevice.Choose("cpu", threads: 1),
            Attempt = 1,
        };
    }

    public string RelativePath(string artifact) => Path.GetRelativePath(Artifacts.Root, artifact);

    public void Dispose()
    {
        services.Dispose();
        folder.Dispose();
    }
}
