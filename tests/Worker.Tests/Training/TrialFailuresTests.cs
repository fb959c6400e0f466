using System.Runtime.InteropServices;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Infrastructure.Downloads;
using NeuralCapacitance.Worker.Backbones;
using NeuralCapacitance.Worker.Training;
using NeuralCapacitance.Worker.Weights;
using Npgsql;

namespace NeuralCapacitance.Worker.Tests.Training;

public sealed class TrialFailuresTests : IDisposable
{
    private readonly Trials trials = new();

    public static TheoryData<Exception, string> Explained => new()
    {
        { new BrokenImageException("a.jpg"), "broken-image" },
        { new DatasetException("path", "gone"), "dataset" },
        { new WeightsException("no file"), "weights" },
        { new DownloadException(Request, DownloadFault.Mismatch, "another file"), "download" },
        { new DownloadException(Request, DownloadFault.Offline, "offline"), "download" },
        { new DownloadException(Request, DownloadFault.Unreachable, "broken off"), "network" },
        { new DownloadException(Request, DownloadFault.Storage, "full"), "storage" },
        { new IOException("No space left on device"), "storage" },
        { new OutOfMemoryException(), "out-of-memory" },
        { new UnauthorizedAccessException("read-only"), "storage" },
        { new ExternalException("std::bad_alloc"), "out-of-memory" },
        { new ExternalException("CUDA error: an illegal memory access was encountered"), "device" },
        { new BackboneException("a script failed"), "backbone" },
        { new BackboneException("a script failed", new ExternalException("CUDA error: device-side assert triggered")), "device" },
        { new BackboneException("a script failed", new ExternalException("CUDA out of memory. Tried to allocate 2.00 GiB")), "out-of-memory" },
        { new ExternalException("CUDA out of memory. Tried to allocate 2.00 GiB"), "out-of-memory" },
        { new ExternalException("[enforce fail at alloc_cpu.cpp:66] . DefaultCPUAllocator: can't allocate memory: you tried to allocate 8 bytes."), "out-of-memory" },
    };

    [Theory]
    [MemberData(nameof(Explained))]
    public void What_the_trial_or_its_machine_did_has_a_code(Exception exception, string code)
        => TrialFailures.Explain(exception, trials.Plan(epochs: 1))!.Code.ShouldBe(code);

    [Fact]
    public void The_databases_own_lack_of_memory_is_not_the_trials()
        => TrialFailures.Explain(new NpgsqlException("53200: out of memory"), trials.Plan(epochs: 1)).ShouldBeNull();

    [Theory]
    [InlineData("storage", true)]
    [InlineData("device", true)]
    [InlineData("network", true)]
    [InlineData("download", false)]
    [InlineData("out-of-memory", false)]
    [InlineData("diverged", false)]
    public void Only_a_disk_a_device_or_a_network_is_worth_another_attempt(string code, bool passing)
        => TrialFailures.MayPass(new(code, "")).ShouldBe(passing);

    [Fact]
    public void Running_out_of_memory_says_what_to_lower()
        => TrialFailures.Explain(new OutOfMemoryException(), trials.Plan(epochs: 1))!.Message
            .ShouldBe("resnet8 does not fit into the memory of cpu with 32 images of side 32. Lower training.batchSize, to 16 say, or training.imageSize.");

    [Fact]
    public void A_stopped_trial_has_not_failed()
        => TrialFailures.Explain(new OperationCanceledException(), trials.Plan(epochs: 1)).ShouldBeNull();

    public void Dispose() => trials.Dispose();

    private static DownloadRequest Request => new() { Url = new Uri("https://example.org/a.pth"), Path = "/weights/a.pth", Checksum = Checksum.Sha256("0676ba61") };
}
