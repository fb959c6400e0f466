using System.CommandLine;

namespace NeuralCapacitance.CommandLine;

/// <summary>How a job's progress is shown.</summary>
internal enum ProgressMode
{
    /// <summary>A table on a terminal, nothing in a pipe.</summary>
    Auto,

    /// <summary>One line for each epoch, for a log.</summary>
    Plain,

    /// <summary>Not at all.</summary>
    None,
}

internal static class ProgressOption
{
    public static Option<ProgressMode> Create() => new("--progress") { Description = "auto: a table on a terminal, nothing in a pipe. plain: a line for each epoch, for logs. none." };
}
