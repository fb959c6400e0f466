using System.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Serilog;

namespace NeuralCapacitance.Api.Problems;

internal static class ProblemServices
{
    /// <summary>Problem+json for everything that goes wrong, the framework's own errors included. The request's line in the log tells the same, in short.</summary>
    public static IServiceCollection AddProblems(this IServiceCollection services)
    {
        services.AddProblemDetails(options => options.CustomizeProblemDetails = context =>
        {
            var details = context.ProblemDetails;
            details.Instance ??= context.HttpContext.Request.Path;
            details.Extensions["traceId"] = TraceIdOf(context.HttpContext);
            Tell(context.HttpContext.RequestServices.GetRequiredService<IDiagnosticContext>(), details);
        });
        services.AddExceptionHandler<ProblemExceptionHandler>();
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        return services;
    }

    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions { SuppressDiagnosticsCallback = static _ => true });
        app.UseStatusCodePages(async context =>
        {
            var http = context.HttpContext;
            var type = ProblemTypes.ForStatus(http.Response.StatusCode);
            var detail = type.Status == StatusCodes.Status404NotFound
                ? $"{http.Request.Method} {http.Request.Path} leads nowhere; /swagger lists every route."
                : $"{http.Request.Method} {http.Request.Path}: {type.Advice}";
            var problems = http.RequestServices.GetRequiredService<IProblemDetailsService>();
            await problems.TryWriteAsync(new() { HttpContext = http, ProblemDetails = type.ToDetails(detail) });
        });
    }

    /// <summary>As every line of the log about this request ends: 32 hexadecimal digits.</summary>
    public static string TraceIdOf(HttpContext context) => Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier;

    private static void Tell(IDiagnosticContext log, ProblemDetails details)
    {
        log.Set("Problem", details.Type ?? details.Title ?? "");
        log.Set("Reason", details.Detail ?? "");
        if (details.Extensions.TryGetValue(ProblemResults.Errors, out var found) && found is IReadOnlyList<FieldError> errors)
        {
            log.Set("Fields", errors.Select(error => error.Path).ToArray());
        }
    }
}
