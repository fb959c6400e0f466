using System.Collections.Concurrent;
using System.Diagnostics;

namespace NeuralCapacitance.Api.Tests;

/// <summary>The statements that the database is sent for what is done while it is there, over HTTP too: the trace tells which they are.</summary>
internal sealed class QueryCount : IDisposable
{
    private readonly Activity _trace = new Activity(nameof(QueryCount)).SetIdFormat(ActivityIdFormat.W3C).Start();
    private readonly ActivityListener _listener;
    private readonly ConcurrentQueue<string> _statements = new();

    public QueryCount()
    {
        _trace.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Npgsql" or "Microsoft.AspNetCore" or "System.Net.Http",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                if (activity.Source.Name is "Npgsql" && activity.TraceId == _trace.TraceId && (activity.GetTagItem("db.query.text") ?? activity.GetTagItem("db.statement")) is string text) _statements.Enqueue(text);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public IReadOnlyCollection<string> Statements => _statements;

    public void Dispose()
    {
        _listener.Dispose();
        _trace.Dispose();
    }
}
