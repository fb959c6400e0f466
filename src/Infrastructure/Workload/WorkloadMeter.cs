using System.Diagnostics.Metrics;
using Npgsql;

namespace NeuralCapacitance.Infrastructure.Workload;

/// <summary>
/// Jobs, trials and epochs as instruments. They are read from the tables when somebody asks, so that every node tells the same and
/// a restart loses nothing. While the database is away they tell nothing.
/// </summary>
public sealed class WorkloadMeter(NpgsqlDataSource database, IMeterFactory meters)
{
    public const string Name = "NeuralCapacitance";

    private const int TimeoutSeconds = 5;

    /// <summary>Makes the instruments; once.</summary>
    public void Publish()
    {
        var meter = meters.Create(Name);
        meter.CreateObservableGauge("neuralcapacitance.jobs", JobsByState, "{job}", "Jobs by state");
        meter.CreateObservableGauge("neuralcapacitance.trials", TrialsByState, "{trial}", "Trials by state");
        meter.CreateObservableCounter("neuralcapacitance.attempts", () => Read("SELECT NULL, coalesce(sum(attempt), 0) FROM trials", tag: null), "{attempt}", "Times that a worker took a trial");
        meter.CreateObservableCounter("neuralcapacitance.epochs", () => Read("SELECT NULL, count(*) FILTER (WHERE epoch > 0) FROM observations", tag: null), "{epoch}", "Epochs trained and observed");
        meter.CreateObservableCounter("neuralcapacitance.epoch.time", EpochSeconds, "s", "Time spent in epochs, by phase");
    }

    private IEnumerable<Measurement<double>> JobsByState() => Read("SELECT state, count(*) FROM jobs GROUP BY state", "state");

    private IEnumerable<Measurement<double>> TrialsByState() => Read("SELECT state, count(*) FROM trials GROUP BY state", "state");

    private IEnumerable<Measurement<double>> EpochSeconds() => Read(
        """
        SELECT phase, coalesce(sum(seconds), 0) FROM observations,
               LATERAL (VALUES ('train', train_seconds), ('beta', beta_seconds), ('validation', validation_seconds)) AS spent (phase, seconds)
        GROUP BY phase
        """,
        "phase");

    private List<Measurement<double>> Read(string sql, string? tag)
    {
        var measurements = new List<Measurement<double>>();
        try
        {
            using var command = database.CreateCommand(sql);
            command.CommandTimeout = TimeoutSeconds;
            using var rows = command.ExecuteReader();
            while (rows.Read())
            {
                var value = Convert.ToDouble(rows.GetValue(1), System.Globalization.CultureInfo.InvariantCulture);
                measurements.Add(tag is null ? new(value) : new(value, new KeyValuePair<string, object?>(tag, rows.GetString(0))));
            }
        }
        catch (NpgsqlException)
        {
            // No answer is told as no measurement: a zero would be a lie. /health/ready says that the database is away.
            measurements.Clear();
        }
        return measurements;
    }
}
