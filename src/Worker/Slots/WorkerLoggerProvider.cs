using Microsoft.Extensions.Logging;

namespace NeuralCapacitance.Worker.Slots;

/// <summary>In a slot's process: what is logged goes to the worker's log.</summary>
internal sealed class WorkerLoggerProvider(WorkerLine worker) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new WorkerLogger(worker, categoryName);

    public void Dispose()
    {
        // The line is not this one's.
    }

    private sealed class WorkerLogger(WorkerLine worker, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel is not LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => worker.Say(new Logged(logLevel, category, eventId.Id, exception is null ? formatter(state, exception) : $"{formatter(state, exception)}\n{exception}"));
    }
}
