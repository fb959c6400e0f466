namespace NeuralCapacitance.Worker.Datasets.Folders;

/// <param name="Path">Relative to the data set's folder.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Modified">UTC.</param>
internal sealed record ImageFile(string Path, long Length, DateTime Modified);
