using System.Globalization;

namespace NeuralCapacitance.Infrastructure.Downloads;

/// <summary>Why a file is not there.</summary>
public enum DownloadFault
{
    /// <summary><c>Downloads:Offline</c> is set, and the file is not there.</summary>
    Offline,

    /// <summary>No connection, or none that lasted; the server had no answer, or an error of its own. May pass.</summary>
    Unreachable,

    /// <summary>The server does not give this file: not found, forbidden, moved to a place that is not allowed.</summary>
    Refused,

    /// <summary>What came is not the published file.</summary>
    Mismatch,

    /// <summary>The disk is full, or the folder cannot be written to.</summary>
    Storage,
}

/// <summary>A file could not be downloaded. The message names URL, what was expected, what came, and where to put the file by hand.</summary>
public sealed class DownloadException(DownloadRequest request, DownloadFault fault, string reason, Exception? innerException = null)
    : Exception(Describe(request, fault, reason), innerException)
{
    public DownloadRequest Request { get; } = request;

    public DownloadFault Fault { get; } = fault;

    /// <summary>The part of the message that says what happened.</summary>
    public string Reason { get; } = reason;

    private static string Describe(DownloadRequest request, DownloadFault fault, string reason)
    {
        var size = request.Size is { } bytes ? string.Create(CultureInfo.InvariantCulture, $"{bytes:N0} bytes, ") : "";
        var remedy = fault == DownloadFault.Storage
            ? $"Free space or make the folder writable, or put the file ({size}{request.Checksum}) into '{request.Folder}' under the name '{request.Name}'."
            : $"Get the file ({size}{request.Checksum}) in another way and put it into '{request.Folder}' under the name '{request.Name}'.";
        return $"'{request.Name}' could not be downloaded from {request.Url}: {reason} {remedy}";
    }
}
