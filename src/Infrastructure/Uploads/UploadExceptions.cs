namespace NeuralCapacitance.Infrastructure.Uploads;

/// <summary>The archive is larger than accepted.</summary>
public sealed class UploadTooLargeException(long most)
    : Exception($"The archive has more than {most} bytes, which is the most that is accepted (Uploads:MaxBytes).");

/// <summary>Another data set has the name.</summary>
public sealed class DatasetNameTakenException(string message) : Exception(message);

/// <summary>There is no room on the disk.</summary>
/// <param name="message">For the client: nothing about the machine.</param>
/// <param name="cause">For the log: which disk, and how much is free.</param>
public sealed class StorageFullException(string message, string cause, Exception? inner = null) : IOException(message, inner)
{
    public string Cause => cause;
}

/// <summary>The body's sender does not keep up.</summary>
public sealed class BodyTooSlowException(string message) : Exception(message);

/// <summary>The body ended before the archive did, or its connection failed.</summary>
public sealed class UploadBrokenOffException(IOException inner) : IOException($"The archive could not be read to its end: {inner.Message}", inner);
