using NeuralCapacitance.Domain.Datasets;

namespace NeuralCapacitance.Worker.Datasets.Folders;

/// <summary>Why a folder is no data set.</summary>
internal enum LayoutFault
{
    /// <summary>No image lies in it or below it.</summary>
    Empty,

    /// <summary>It holds data sets, or what may be some: those are to be named.</summary>
    Several,

    /// <summary>It is a data set that cannot be used as it lies there.</summary>
    Unusable,
}

/// <param name="level">The folder that was found fault with: the data set's own, or the one inside it that holds everything.</param>
/// <param name="message">What was found, what is missing, and which folder to give where there is one.</param>
internal sealed class LayoutException(LayoutFault fault, string level, string message) : DatasetException("path", message)
{
    public LayoutFault Fault { get; } = fault;

    public string Level { get; } = level;
}
