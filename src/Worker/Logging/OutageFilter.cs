using NeuralCapacitance.Infrastructure.Postgres;
using Serilog.Core;
using Serilog.Events;

namespace NeuralCapacitance.Worker.Logging;

/// <summary>What fails because the database is away is counted, whoever logs it: our own parts, Hangfire, EF Core. <see cref="OutageJournal"/> leads to one line for all.</summary>
internal sealed class OutageFilter(OutageJournal journal) : ILogEventFilter
{
    public bool IsEnabled(LogEvent logEvent)
    {
        if (logEvent.Exception is not { } exception || !OutageRetry.Passes(exception)) return true;
        journal.Note(exception);
        return false;
    }
}
