using System.Diagnostics;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Queue;
using NeuralCapacitance.Infrastructure.Tracing;
using NeuralCapacitance.Infrastructure.Trials;

namespace NeuralCapacitance.Worker.Telemetry;

/// <summary>The spans of an attempt: it hangs below the request that made its job, and what it does below itself.</summary>
internal sealed class TrialTracing : IDisposable
{
    private const string TrialSignalsQueue = "trials";

    private readonly Activity? _attempt;
    private readonly TimeProvider _time;
    private DateTimeOffset _since;

    private TrialTracing(Activity? attempt, TimeProvider time)
    {
        _attempt = attempt;
        _time = time;
        _since = time.GetUtcNow();
    }

    /// <summary>Current until it is disposed.</summary>
    public static TrialTracing Begin(ClaimedTrial claimed, TrialFiring firing, TimeProvider time)
    {
        // What Hangfire runs has no parent of its own.
        Activity.Current = null;
        var attempt = ServiceTracing.Source.StartActivity("trial", ActivityKind.Consumer, ServiceTracing.ContextOf(claimed.TraceParent));
        attempt?.SetTag("messaging.system", "hangfire").SetTag("messaging.destination.name", TrialSignalsQueue).SetTag("messaging.message.id", firing.Signal)
            .SetTag("nc.job.id", claimed.Trial.JobId.ToString()).SetTag("nc.trial.id", claimed.Trial.Id.ToString())
            .SetTag("nc.candidate", claimed.Trial.Candidate).SetTag("nc.seed", claimed.Trial.Seed)
            .SetTag("nc.attempt", claimed.Lease.Attempt).SetTag("nc.worker", WorkerName.ProcessOf(claimed.Lease.Owner)).SetTag("nc.device", claimed.Trial.Device);
        return new(attempt, time);
    }

    public void DatasetLoaded() => Step("dataset");

    public void Scored() => Step("scores");

    public void Observed(Observation observation)
        => Step("epoch", step => step.SetTag("nc.epoch", observation.Epoch).SetTag("nc.beta_eff", observation.BetaEff).SetTag("nc.validation_accuracy", observation.ValidationAccuracy));

    public void Failed(Failure failure) => _attempt?.SetStatus(ActivityStatusCode.Error, $"{failure.Code}: {failure.Message}");

    public void Dispose() => _attempt?.Dispose();

    /// <summary>From the end of the one before until now.</summary>
    private void Step(string name, Action<Activity>? describe = null)
    {
        var (start, end) = (_since, _time.GetUtcNow());
        _since = end;
        if (_attempt is null) return;
        using var step = ServiceTracing.Source.StartActivity(name, ActivityKind.Internal, _attempt.Context, startTime: start);
        if (step is null) return;
        describe?.Invoke(step);
        step.SetEndTime(end.UtcDateTime);
    }
}
