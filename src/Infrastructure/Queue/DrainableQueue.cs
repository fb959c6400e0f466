using System.Data;
using Hangfire.PostgreSql;
using Hangfire.Storage;
using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Infrastructure.Workers;

namespace NeuralCapacitance.Infrastructure.Queue;

/// <summary>
/// Hangfire's queue in front of the slots of this process. While the process drains, its slots leave every signal to others. While the database is away, they wait
/// here: Hangfire would wait longer after each failure, up to minutes, and take a slot that found nothing to do since the last outage for one that never recovered.
/// </summary>
internal sealed class DrainableQueue(IPersistentJobQueueProvider hangfires, DrainGate gate, OutageJournal outages) : IPersistentJobQueueProvider, IPersistentJobQueue
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Takes the place of the storage's own queue of that name.</summary>
    public static void PutBefore(PostgreSqlStorage storage, string queue, DrainGate gate, OutageJournal outages)
        => storage.QueueProviders.Add(new DrainableQueue(storage.QueueProviders.GetProvider(queue), gate, outages), [queue]);

    public IPersistentJobQueue GetJobQueue() => this;

    public IPersistentJobQueueMonitoringApi GetJobQueueMonitoringApi() => new Monitoring(hangfires.GetJobQueueMonitoringApi());

    public void Enqueue(IDbConnection connection, string queue, string jobId) => hangfires.GetJobQueue().Enqueue(connection, queue, jobId);

    public IFetchedJob Dequeue(string[] queues, CancellationToken cancellationToken)
    {
        while (true)
        {
            gate.WaitUntilOpen(cancellationToken);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, gate.Closing);
            try
            {
                return hangfires.GetJobQueue().Dequeue(queues, either.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // The gate has closed.
            }
            catch (Exception e) when (OutageRetry.Passes(e))
            {
                outages.Note(e);
                cancellationToken.WaitHandle.WaitOne(Pause);
            }
        }
    }

    /// <summary>The queue is listed by Hangfire's own provider already.</summary>
    private sealed class Monitoring(IPersistentJobQueueMonitoringApi hangfires) : IPersistentJobQueueMonitoringApi
    {
        public IEnumerable<string> GetQueues() => [];

        public IEnumerable<long> GetEnqueuedJobIds(string queue, int from, int perPage) => hangfires.GetEnqueuedJobIds(queue, from, perPage);

        public IEnumerable<long> GetFetchedJobIds(string queue, int from, int perPage) => hangfires.GetFetchedJobIds(queue, from, perPage);

        public EnqueuedAndFetchedCountDto GetEnqueuedAndFetchedCount(string queue) => hangfires.GetEnqueuedAndFetchedCount(queue);
    }
}
