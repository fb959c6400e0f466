using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Infrastructure.Uploads;

/// <summary>Which uploaded data set a spec leads to: the catalogue of data sets decides.</summary>
public interface IUploadUse
{
    /// <summary>Whether a job on the spec reads the upload's folder, or one below it.</summary>
    bool Uses(DatasetSpec spec, UploadedDataset upload);

    /// <summary>Why a spec that could be read before cannot be any more; null: it can.</summary>
    string? WhyGone(DatasetSpec spec);
}
