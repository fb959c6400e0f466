using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Infrastructure.Archives;
using NeuralCapacitance.Infrastructure.Jobs;
using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Infrastructure.Uploads;
using Npgsql;

namespace NeuralCapacitance.Api.Problems;

/// <summary>The only place where an exception becomes an answer.</summary>
internal sealed partial class ProblemExceptionHandler(IProblemDetailsService problems, ILogger<ProblemExceptionHandler> logger)
    : IExceptionHandler
{
    private const int RetryAfterSeconds = 5;

    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        var details = Describe(context, exception);
        Log(details.Status, context.Request.Method, context.Request.Path, exception);
        context.Response.StatusCode = details.Status ?? StatusCodes.Status500InternalServerError;
        if (details.Status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds.ToString();
        }

        return await problems.TryWriteAsync(new() { HttpContext = context, ProblemDetails = details, Exception = exception });
    }

    private static ProblemDetails Describe(HttpContext context, Exception exception) => exception switch
    {
        JsonException json => MalformedJson(json),
        BadHttpRequestException { InnerException: JsonException json } => MalformedJson(json),
        BadHttpRequestException bad when bad.StatusCode != StatusCodes.Status400BadRequest
            => ProblemTypes.ForStatus(bad.StatusCode).ToDetails(bad.Message),
        BadHttpRequestException bad when BindingFaults.Of(context) is { Count: > 0 } faults
            => ProblemTypes.InvalidParameter.ToDetails(ProblemResults.Summarize(faults), faults),
        BadHttpRequestException bad => ProblemTypes.BadRequest.ToDetails(bad.Message),
        IdempotencyConflictException conflict => ProblemTypes.IdempotencyConflict.ToDetails(conflict.Message),
        ArchiveException archive => InvalidArchive(archive),
        UploadBrokenOffException { InnerException: BadHttpRequestException bad } => ProblemTypes.ForStatus(bad.StatusCode).ToDetails(bad.Message),
        UploadBrokenOffException brokenOff => ProblemTypes.BadRequest.ToDetails(brokenOff.Message),
        UploadTooLargeException large => ProblemTypes.BodyTooLarge.ToDetails(large.Message),
        DatasetException dataset => ProblemTypes.DatasetUnusable.ToDetails(dataset.Message),
        DatasetNameTakenException taken => ProblemTypes.DatasetExists.ToDetails(taken.Message),
        StorageFullException full => ProblemTypes.InsufficientStorage.ToDetails(full.Message),
        _ when IsDatabaseUnavailable(exception)
            => ProblemTypes.DatabaseUnavailable.ToDetails($"The database did not answer. Try again in {RetryAfterSeconds} s."),
        _ => ProblemTypes.Internal.ToDetails(
            $"The request failed inside the service; the log has the details under trace {Activity.Current?.Id ?? context.TraceIdentifier}."),
    };

    private static ProblemDetails MalformedJson(JsonException exception)
    {
        var where = exception is { LineNumber: { } line, BytePositionInLine: { } column }
            ? $"Line {line + 1}, column {column + 1}"
            : "Somewhere";
        // System.Text.Json appends its own count of the position, from zero.
        var what = exception.Message.Split(" LineNumber:", 2)[0].Split(" Path:", 2)[0];
        return ProblemTypes.MalformedJson.ToDetails($"{where}: {what}");
    }

    private static ProblemDetails InvalidArchive(ArchiveException archive)
        => ProblemTypes.InvalidArchive.ToDetails(
            archive.Message, [.. archive.Faults.Select(fault => new FieldError(fault.Entry ?? "archive", fault.Value, fault.Problem, fault.Accepted))]);

    private static bool IsDatabaseUnavailable(Exception? exception) => exception switch
    {
        null => false,
        PostgresException postgres => OutageRetry.Passes(postgres),
        ConnectionLostException => true,
        NpgsqlException npgsql => npgsql.IsTransient || npgsql.InnerException is SocketException or IOException or TimeoutException,
        SocketException => true,
        _ => IsDatabaseUnavailable(exception.InnerException),
    };

    private void Log(int? status, string method, string path, Exception exception)
    {
        switch (status)
        {
            case StatusCodes.Status503ServiceUnavailable:
                DatabaseUnavailable(method, path, exception.Message);
                break;
            case >= 500:
                Failed(exception, method, path);
                break;
            default:
                Rejected(method, path, exception.Message);
                break;
        }
    }

    [LoggerMessage(3111, LogLevel.Error, "{Method} {Path} failed")]
    private partial void Failed(Exception exception, string method, string path);

    [LoggerMessage(3112, LogLevel.Warning, "{Method} {Path}: the database cannot be reached: {Reason}")]
    private partial void DatabaseUnavailable(string method, string path, string reason);

    [LoggerMessage(3113, LogLevel.Debug, "{Method} {Path} rejected: {Reason}")]
    private partial void Rejected(string method, string path, string reason);
}
