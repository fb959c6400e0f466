using System.Diagnostics;

namespace NeuralCapacitance.Api.Hosting;

/// <summary>One line per request; everything logged on the way carries the job's id.</summary>
internal static partial class RequestLog
{
    public static void UseRequestLog(this WebApplication app)
    {
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("NeuralCapacitance.Api.Requests");
        app.Use(async (context, next) =>
        {
            var start = Stopwatch.GetTimestamp();
            using var scope = JobScope(logger, context.Request.Path);
            await next(context);
            Handled(
                logger, context.Request.Method, context.Request.Path.ToUriComponent(), context.Response.StatusCode,
                Math.Round(Stopwatch.GetElapsedTime(start).TotalMilliseconds, 1));
        });
    }

    private static IDisposable? JobScope(ILogger logger, PathString path)
        => path.StartsWithSegments($"{ApiRoutes.Prefix}/jobs", StringComparison.OrdinalIgnoreCase, out var rest) && Guid.TryParse(rest.Value?.Split('/').ElementAtOrDefault(1), out var id)
            ? logger.BeginScope(new Dictionary<string, object>(StringComparer.Ordinal) { ["JobId"] = id })
            : null;

    [LoggerMessage(3101, LogLevel.Information, "{Method} {Path} → {Status} in {Milliseconds} ms")]
    private static partial void Handled(ILogger logger, string method, string path, int status, double milliseconds);
}
