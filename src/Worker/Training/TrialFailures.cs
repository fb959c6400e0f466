using System.Data.Common;
using System.Runtime.InteropServices;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Downloads;
using NeuralCapacitance.Worker.Backbones;
using NeuralCapacitance.Worker.Probe;
using NeuralCapacitance.Worker.TorchScript;
using NeuralCapacitance.Worker.Weights;

namespace NeuralCapacitance.Worker.Training;

/// <summary>Which exceptions are a trial's own or its machine's, and what to tell the user. All others are bugs or the database's.</summary>
internal static class TrialFailures
{
    /// <summary>libtorch reports a failed allocation as any other error: only the text tells.</summary>
    private static readonly string[] OutOfMemoryTexts = ["out of memory", "can't allocate memory", "not enough memory", "bad_alloc"];

    private static readonly string[] DeviceTexts = ["CUDA error", "CUDA driver error", "cuDNN error", "CUBLAS_STATUS", "CUSOLVER_STATUS", "CUFFT error"];

    /// <summary>Null: not a failure of the trial or of the machine.</summary>
    public static Failure? Explain(Exception exception, TrialPlan plan) => Explain(exception, plan.Spec, plan.Candidate, plan.Device);

    /// <inheritdoc cref="Explain(Exception, TrialPlan)"/>
    public static Failure? Explain(Exception exception, JobSpec spec, CandidateSpec candidate, ComputeDevice device) => exception switch
    {
        TrialFailedException => null,
        OperationCanceledException => null,
        DownloadException download => new Failure(CodeOf(download.Fault), exception.Message),
        _ when IsOutOfMemory(exception) || IsOutOfMemory(exception.InnerException) => OutOfMemory(spec, candidate, device),
        _ when DeviceFaultOf(exception) is { } fault => new Failure(
            FailureCodes.Device, $"{device.Name} failed: {FirstLine(fault)} Look at the GPU and its driver (nvidia-smi)."),
        UnknownBackboneException => new Failure(FailureCodes.UnknownBackbone, $"This worker has no backbone '{candidate.Backbone}'."),
        BackboneException => new Failure(FailureCodes.Backbone, exception.Message),
        WeightsException => new Failure(FailureCodes.Weights, exception.Message),
        BrokenImageException => new Failure(FailureCodes.BrokenImage, exception.Message),
        DatasetException => new Failure(FailureCodes.Dataset, exception.Message),
        IOException or UnauthorizedAccessException => new Failure(FailureCodes.Storage, exception.Message),
        _ => null,
    };

    /// <summary>Whether a later attempt may well succeed where this one did not: a disk is emptied, a device or a network comes back.</summary>
    public static bool MayPass(Failure failure) => failure.Code is FailureCodes.Storage or FailureCodes.Device or FailureCodes.Network;

    private static string CodeOf(DownloadFault fault) => fault switch
    {
        DownloadFault.Storage => FailureCodes.Storage,
        DownloadFault.Unreachable => FailureCodes.Network,
        _ => FailureCodes.Download,
    };

    public static Failure Diverged(TrialPlan plan, int epoch, DivergedException exception)
    {
        var rate = plan.Spec.Training.LearningRate;
        return new Failure(FailureCodes.Diverged, epoch == 0
            ? $"Before any training: {exception.Message} The weights '{plan.Candidate.Weights}' of {plan.Candidate.Name} are no use here."
            : $"Epoch {epoch} of {plan.Candidate.Name}: {exception.Message} Lower training.learningRate from {rate:G6} to {rate / 10:G6}, say.");
    }

    private static Failure OutOfMemory(JobSpec spec, CandidateSpec candidate, ComputeDevice device) => new(
        FailureCodes.OutOfMemory,
        $"{candidate.Name} does not fit into the memory of {device.Name} with {spec.Training.BatchSize} images of side {spec.Training.ImageSize}. {HowToNeedLess(spec)}");

    /// <summary>Memory; a sentence.</summary>
    internal static string HowToNeedLess(JobSpec spec)
        => $"Lower training.batchSize, to {Math.Max(2, spec.Training.BatchSize / 2)} say, or training.imageSize.";

    internal static bool IsOutOfMemory(Exception? exception)
        => exception is OutOfMemoryException || IsOfLibtorch(exception, OutOfMemoryTexts);

    private static Exception? DeviceFaultOf(Exception exception)
        => IsOfLibtorch(exception, DeviceTexts) ? exception : IsOfLibtorch(exception.InnerException, DeviceTexts) ? exception.InnerException : null;

    /// <summary>The calls inside libtorch follow it.</summary>
    private static string FirstLine(Exception fault) => ModelWords.OneLine(fault.Message.Split('\n')[0], 300);

    /// <summary>The database's exceptions are external ones too, and when Postgres is out of memory the trial is not to blame.</summary>
    private static bool IsOfLibtorch(Exception? exception, string[] texts)
        => exception is ExternalException and not DbException
            && Array.Exists(texts, text => exception.Message.Contains(text, StringComparison.OrdinalIgnoreCase));
}
