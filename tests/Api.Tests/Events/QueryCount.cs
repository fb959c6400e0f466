using System.Diagnostics;
using Npgsql;

namespace NeuralCapacitance.Api.Tests.Events;

/// <summary>Commands that this process sends to one database, counted by the driver's own traces.</summary>
internal sealed class QueryCount : IDisposable
{
    private readonly ActivityListener _listener;
    private int _count;

    public QueryCount(NpgsqlDataSource database)
    {
        var name = new NpgsqlConnectionStringBuilder(database.ConnectionString).Database;
        _listener = new()
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.TagObjects.Any(tag => tag.Value is string value && value == name)) Interlocked.Increment(ref _count);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public int Value => Volatile.Read(ref _count);

    public void Dispose() => _listener.Dispose();
}
