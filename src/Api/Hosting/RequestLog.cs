using Serilog;
using Serilog.Context;
using Serilog.Events;

namespace NeuralCapacitance.Api.Hosting;

/// <summary>
/// One line per request, with why it was refused (<see cref="Problems.ProblemServices"/> tells). Everything logged on the way carries the job's id, and
/// the trace id that the body of an error names.
/// </summary>
internal static class RequestLog
{
    private const string JobIdProperty = "JobId";

    public static void UseRequestLog(this WebApplication app)
    {
        app.Use(async (context, next) =>
        {
            using var job = JobIdOf(context) is { } id ? LogContext.PushProperty(JobIdProperty, id) : null;
            await next(context);
        });
        app.UseSerilogRequestLogging(options =>
        {
            options.Logger = app.Services.GetRequiredService<Serilog.ILogger>();
            options.MessageTemplate = "{RequestMethod} {RequestPath} → {StatusCode} in {Elapsed:0.0} ms";
            options.GetMessageTemplateProperties = PropertiesOf;
            options.GetLevel = LevelOf;
        });
    }

    /// <summary>Adds the job that a request has made, or found by its Idempotency-Key, to the request's line.</summary>
    public static void TellJob(HttpContext context, Guid id) => context.RequestServices.GetRequiredService<IDiagnosticContext>().Set("AcceptedJobId", id);

    private static object? JobIdOf(HttpContext context)
        => context.Request.Path.StartsWithSegments($"{ApiRoutes.Prefix}/jobs", StringComparison.OrdinalIgnoreCase) ? context.GetRouteValue("id") : null;

    /// <summary>The path as it was sent, not as it was decoded: a line break in it would begin a line of its own.</summary>
    private static IEnumerable<LogEventProperty> PropertiesOf(HttpContext context, string path, double milliseconds, int status) =>
    [
        new("RequestMethod", new ScalarValue(context.Request.Method)),
        new("RequestPath", new ScalarValue(context.Request.Path.ToUriComponent())),
        new("StatusCode", new ScalarValue(status)),
        new("Elapsed", new ScalarValue(milliseconds)),
    ];

    /// <summary>A refusal is the client's affair. That the database is away or the disk is full will pass; the rest is a defect.</summary>
    private static LogEventLevel LevelOf(HttpContext context, double milliseconds, Exception? thrown) => context.Response.StatusCode switch
    {
        _ when context.RequestAborted.IsCancellationRequested => LogEventLevel.Information,
        StatusCodes.Status503ServiceUnavailable or StatusCodes.Status507InsufficientStorage => LogEventLevel.Warning,
        >= StatusCodes.Status500InternalServerError => LogEventLevel.Error,
        _ when thrown is not null => LogEventLevel.Error,
        _ => LogEventLevel.Information,
    };
}
