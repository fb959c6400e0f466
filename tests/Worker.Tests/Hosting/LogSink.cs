using Serilog.Core;
using Serilog.Events;

namespace NeuralCapacitance.Worker.Tests.Hosting;

/// <summary>What a process of the service logged; Api.Tests links this file. The line of a request may come a moment after its answer.</summary>
public sealed class LogSink : ILogEventSink
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Lock _lock = new();
    private readonly List<LogEvent> _events = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<LogEvent> Events
    {
        get
        {
            lock (_lock)
            {
                return [.. _events];
            }
        }
    }

    public void Emit(LogEvent logEvent)
    {
        lock (_lock)
        {
            _events.Add(logEvent);
            _more.SetResult();
            _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>The line of the request with this trace, once it is there.</summary>
    public Task<LogEvent> RequestAsync(string traceId) => FirstAsync(line => IsRequest(line) && line.TraceId?.ToHexString() == traceId);

    /// <summary>The line of a request to this path, once it is there.</summary>
    public Task<LogEvent> RequestAsync(HttpMethod method, string path)
        => FirstAsync(line => IsRequest(line) && Text(line, "RequestPath") == path && Text(line, "RequestMethod") == method.Method);

    /// <summary>The first line of which this holds, once it is there.</summary>
    public async Task<LogEvent> FirstAsync(Func<LogEvent, bool> holds)
    {
        while (true)
        {
            Task more;
            lock (_lock)
            {
                if (_events.FirstOrDefault(holds) is { } found)
                {
                    return found;
                }

                more = _more.Task;
            }

            await more.WaitAsync(Patience);
        }
    }

    public static string? Text(LogEvent line, string property) => line.Properties.TryGetValue(property, out var value) && value is ScalarValue scalar ? scalar.Value?.ToString() : null;

    private static bool IsRequest(LogEvent line) => line.Properties.ContainsKey("RequestMethod") && line.Properties.ContainsKey("Elapsed");
}
