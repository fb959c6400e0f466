namespace NeuralCapacitance.Worker.Hosting;

/// <summary>Waiting for a trial's process blocks its thread for hours; on the pool it would starve the check-ins, and other workers would think this one dead.</summary>
internal static class DedicatedThread
{
    /// <summary>Completes, fails or is cancelled as <paramref name="body"/> does.</summary>
    public static Task RunAsync(string name, Action body)
    {
        var completion = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                body();
                completion.SetResult();
            }
            catch (OperationCanceledException e)
            {
                completion.SetCanceled(e.CancellationToken);
            }
            catch (Exception e)
            {
                completion.SetException(e);
            }
        })
        { IsBackground = true, Name = name };
        thread.Start();
        return completion.Task;
    }
}
