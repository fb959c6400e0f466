namespace NeuralCapacitance.Infrastructure.Uploads;

/// <summary>The archive is larger than accepted.</summary>
public sealed class UploadTooLargeException(long most)
    : Exception($"The archive has more than {most} bytes, which is the most that is accepted (Uploads:MaxBytes).");

/// <summary>Another data set has the name.</summary>
public sealed class DatasetNameTakenException(string message) : Exception(message);

/// <summary>There is no room on the disk.</summary>
public sealed class StorageFullException(string message, Exception? inner = null) : IOException(message, inner);

/// <summary>The body ended before the archive did, or its connection failed.</summary>
public sealed class UploadBrokenOffException(IOException inner) : IOException($"The archive could not be read to its end: {inner.Message}", inner);
