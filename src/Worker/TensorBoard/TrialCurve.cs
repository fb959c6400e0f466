using Microsoft.Extensions.Logging;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Trials;

namespace NeuralCapacitance.Worker.TensorBoard;

/// <summary>
/// The curve of one trial as one attempt at it knows it, in one event file. An attempt begins a file of its own with all that went before, and removes those of earlier ones, so no
/// step is there twice, and none is missing that was stored when a worker died. Nothing that happens to the file concerns the trial: what could not be written comes with the next epoch.
/// </summary>
internal sealed class TrialCurve(string folder, int attempt, TimeProvider time, ILogger logger)
{
    private const string Prefix = "events.out.tfevents.";

    /// <summary>TensorBoard does not read it.</summary>
    private const string Unfinished = "unfinished";

    private readonly List<Observation> _observations = [];
    private string? _file;
    private int _files;
    private bool _warned;

    /// <summary>Null: <c>Worker:TensorBoard</c> is not set.</summary>
    /// <param name="root">As set; empty: not set.</param>
    public static TrialCurve? Of(ClaimedTrial claimed, string root, TimeProvider time, ILogger logger)
        => root.Length == 0 ? null : new(Path.Combine(root, RunFolder.Of(claimed.Spec, claimed.Trial)), claimed.Lease.Attempt, time, logger);

    /// <summary>The curve is this one so far, whatever it was before.</summary>
    /// <param name="history">As stored, from epoch 0 on.</param>
    public void Begin(IEnumerable<Observation> history)
    {
        _observations.Clear();
        _observations.AddRange(history);
        Try(WriteAnew);
    }

    /// <summary>It goes on. An epoch that it has already changes nothing.</summary>
    public void Add(Observation observation)
    {
        if (_observations is [.., var last] && observation.Epoch <= last.Epoch) return;
        _observations.Add(observation);
        Try(() =>
        {
            if (_file is null) WriteAnew();
            else Append(_file, EventRecords.Of(CurveEvents.Of(observation)));
        });
    }

    /// <summary>Readers that follow a run take files by their names' order, and go on to the next one when there is one.</summary>
    private void WriteAnew()
    {
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, $"{Prefix}{attempt:D10}.{++_files:D4}");
        var unfinished = Path.Combine(folder, Unfinished);
        File.WriteAllBytes(unfinished, EventRecords.Of([.. CurveEvents.Beginning(time.GetUtcNow()), .. _observations.Select(CurveEvents.Of)]));
        File.Move(unfinished, file, overwrite: true);
        _file = file;
        foreach (var other in Directory.EnumerateFiles(folder, $"{Prefix}*").Where(other => other != file)) File.Delete(other);
    }

    private static void Append(string file, byte[] records)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        stream.Seek(0, SeekOrigin.End);
        stream.Write(records);
    }

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Its end may be half a record: the next epoch writes all into another one.
            _file = null;
            if (!_warned) CurveLog.NotWritten(logger, folder, e.Message);
            _warned = true;
        }
    }
}
