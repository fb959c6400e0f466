using System.Diagnostics;

namespace NeuralCapacitance.Infrastructure.Tracing;

/// <summary>The service's own spans, and how they find each other across processes.</summary>
public static class ServiceTracing
{
    public const string SourceName = "NeuralCapacitance";

    public static ActivitySource Source { get; } = new(SourceName);

    /// <summary>The W3C <c>traceparent</c> of what runs now; null: nothing is traced.</summary>
    public static string? TraceParent => Activity.Current is { IdFormat: ActivityIdFormat.W3C } current ? current.Id : null;

    /// <param name="traceParent">As <see cref="TraceParent"/> gave it, in whatever process.</param>
    /// <returns>The default, which is no context, where it is null or no traceparent.</returns>
    public static ActivityContext ContextOf(string? traceParent)
        => ActivityContext.TryParse(traceParent, traceState: null, isRemote: true, out var context) ? context : default;
}
