namespace NeuralCapacitance.Infrastructure.Archives;

/// <summary>One thing that is wrong with an archive.</summary>
/// <param name="Entry">Name of the entry as it stands in the archive; null: the archive itself.</param>
/// <param name="Value">What was found.</param>
/// <param name="Problem">What is wrong with it.</param>
/// <param name="Accepted">What would be accepted.</param>
public sealed record ArchiveFault(string? Entry, string? Value, string Problem, string Accepted);

/// <summary>The archive is refused.</summary>
/// <param name="faults">At least one.</param>
public sealed class ArchiveException(IReadOnlyList<ArchiveFault> faults) : Exception(string.Join(' ', faults.Select(Sentence)))
{
    public ArchiveException(string? entry, string? value, string problem, string accepted)
        : this([new ArchiveFault(entry, value, problem, accepted)])
    {
    }

    public IReadOnlyList<ArchiveFault> Faults { get; } = faults;

    private static string Sentence(ArchiveFault fault) => $"{(fault.Entry is null ? "The archive" : $"'{fault.Entry}'")} {fault.Problem}.";
}
