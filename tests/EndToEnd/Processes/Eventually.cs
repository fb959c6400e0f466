namespace NeuralCapacitance.EndToEnd.Processes;

/// <summary>Waits for a condition by looking again and again, up to a deadline that only a defect, or a machine in distress, meets.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <param name="what">Completes "waited in vain for …".</param>
    /// <returns>What was read when the condition held.</returns>
    public static async Task<T> Async<T>(string what, Func<Task<T>> read, Func<T, bool> holds, Func<string>? context = null)
    {
        var end = TimeProvider.System.GetUtcNow() + Deadline;
        while (true)
        {
            var value = await read();
            if (holds(value)) return value;
            if (TimeProvider.System.GetUtcNow() > end)
                throw new TimeoutException($"Waited {Deadline.TotalSeconds} s in vain for {what}. Last seen: {Show(value)}\n{context?.Invoke()}");
            await Task.Delay(Pause);
        }
    }

    private static string? Show<T>(T value) => value is System.Collections.IEnumerable and not string and var items
        ? string.Join("; ", items.Cast<object>())
        : value?.ToString();
}
