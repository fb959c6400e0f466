using System.Net.Sockets;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using NeuralCapacitance.Api.Access;
using NeuralCapacitance.Api.Limits;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Infrastructure.Access;
using NeuralCapacitance.Infrastructure.Archives;
using NeuralCapacitance.Infrastructure.Jobs;
using NeuralCapacitance.Infrastructure.Limits;
using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Infrastructure.Rankings;
using NeuralCapacitance.Infrastructure.Uploads;
using Npgsql;
using Serilog;

namespace NeuralCapacitance.Api.Problems;

/// <summary>The only place where an exception becomes an answer.</summary>
internal sealed class ProblemExceptionHandler(IProblemDetailsService problems, IDiagnosticContext log)
    : IExceptionHandler
{
    private const int RetryAfterSeconds = 5;

    /// <summary>Jobs and dry runs take a while to end.</summary>
    private const int RetryAfterQuotaSeconds = 30;

    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        var details = Describe(context, exception);
        Tell(details.Status, exception);
        context.Response.StatusCode = details.Status ?? StatusCodes.Status500InternalServerError;
        if (details.Status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds.ToString();
        }

        // What is left of the body is not waited for.
        if (details.Status == StatusCodes.Status408RequestTimeout)
        {
            context.Response.Headers.Connection = "close";
        }

        if (exception is QuotaExceededException { Passes: true })
        {
            context.Response.Headers.RetryAfter = RetryAfterQuotaSeconds.ToString();
        }

        return await problems.TryWriteAsync(new() { HttpContext = context, ProblemDetails = details, Exception = exception });
    }

    private static ProblemDetails Describe(HttpContext context, Exception exception) => exception switch
    {
        MalformedTextException malformed => ProblemTypes.MalformedJson.ToDetails(malformed.Message),
        BadHttpRequestException bad when bad.StatusCode != StatusCodes.Status400BadRequest
            => ProblemTypes.ForStatus(bad.StatusCode).ToDetails(bad.Message),
        BadHttpRequestException bad when BindingFaults.Of(context) is { Count: > 0 } faults
            => ProblemTypes.InvalidParameter.ToDetails(ProblemResults.Summarize(faults), faults),
        BadHttpRequestException bad => ProblemTypes.BadRequest.ToDetails(bad.Message),
        IdempotencyConflictException conflict => ProblemTypes.IdempotencyConflict.ToDetails(conflict.Message),
        ArchiveException archive => InvalidArchive(archive),
        UploadBrokenOffException { InnerException: BadHttpRequestException bad } => ProblemTypes.ForStatus(bad.StatusCode).ToDetails(bad.Message),
        UploadBrokenOffException brokenOff => ProblemTypes.BadRequest.ToDetails(brokenOff.Message),
        BodyTooSlowException slow => ProblemTypes.BodyTooSlow.ToDetails(slow.Message),
        UploadTooLargeException large => ProblemTypes.BodyTooLarge.ToDetails(large.Message),
        DatasetException dataset => ProblemTypes.DatasetUnusable.ToDetails(dataset.Message),
        DatasetNameTakenException taken => ProblemTypes.DatasetExists.ToDetails(taken.Message),
        QuotaExceededException quota => ProblemTypes.QuotaExceeded.ToLimitDetails(quota.Message, $"{LimitOptions.Section}:{quota.Quota}", quota.Limit),
        PredictionsBusyException busy => ProblemTypes.PredictionsBusy.ToDetails($"{busy.Message} Try again in {RetryAfterSeconds} s."),
        StorageFullException full => ProblemTypes.InsufficientStorage.ToDetails(full.Message),
        KeyNameTakenException key => ProblemTypes.KeyExists.ToDetails(key.Message),
        IssuerUnavailableException issuer => ProblemTypes.IssuerUnavailable.ToDetails(issuer.Message),
        _ when IsDatabaseUnavailable(exception)
            => ProblemTypes.DatabaseUnavailable.ToDetails($"The database did not answer. Try again in {RetryAfterSeconds} s."),
        _ => ProblemTypes.Internal.ToDetails(
            $"The request failed inside the service; the log has the details under trace {ProblemServices.TraceIdOf(context)}."),
    };

    private static ProblemDetails InvalidArchive(ArchiveException archive)
        => ProblemTypes.InvalidArchive.ToDetails(
            archive.Message, [.. archive.Faults.Select(fault => new FieldError(fault.Entry ?? "archive", fault.Value, fault.Problem, fault.Accepted))]);

    internal static bool IsDatabaseUnavailable(Exception? exception) => exception switch
    {
        null => false,
        PostgresException postgres => OutageRetry.Passes(postgres),
        ConnectionLostException => true,
        NpgsqlException npgsql => npgsql.IsTransient || npgsql.InnerException is SocketException or IOException or TimeoutException,
        SocketException => true,
        _ => IsDatabaseUnavailable(exception.InnerException),
    };

    /// <summary>The request's line in the log tells more than the client is told: what became of the database, and where a defect was met.</summary>
    private void Tell(int? status, Exception exception)
    {
        switch (status)
        {
            case StatusCodes.Status503ServiceUnavailable:
                log.Set("Cause", exception.GetBaseException().Message);
                break;
            case StatusCodes.Status507InsufficientStorage when exception is StorageFullException full:
                log.Set("Cause", full.Cause);
                break;
            case StatusCodes.Status500InternalServerError:
                log.SetException(exception);
                break;
        }
    }
}
