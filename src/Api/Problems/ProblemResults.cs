using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace NeuralCapacitance.Api.Problems;

public static class ProblemResults
{
    /// <summary>The member that lists every fault.</summary>
    internal const string Errors = "errors";

    /// <summary>The problem as RFC 9457 writes it; <c>errors</c> only where there are any.</summary>
    public static ProblemDetails ToDetails(this ProblemType type, string detail, IReadOnlyList<FieldError>? errors = null)
    {
        var details = new ProblemDetails { Type = type.Uri, Title = type.Title, Status = type.Status, Detail = detail };
        if (errors is { Count: > 0 })
        {
            details.Extensions[Errors] = errors;
        }

        return details;
    }

    public static ProblemHttpResult ToResult(this ProblemType type, string detail, IReadOnlyList<FieldError>? errors = null)
        => TypedResults.Problem(type.ToDetails(detail, errors));

    public static ProblemHttpResult JobNotFound(Guid id) => ProblemTypes.JobNotFound.ToResult($"There is no job {id}.");

    public static ProblemHttpResult InvalidParameters(params IReadOnlyList<FieldError> errors)
        => ProblemTypes.InvalidParameter.ToResult(Summarize(errors), errors);

    /// <summary>All faults in one sentence each, for a client that reads no further than <c>detail</c>.</summary>
    public static string Summarize(IReadOnlyList<FieldError> errors)
        => string.Join(' ', errors.Select(error => $"`{error.Path}` {Ended(error.Problem)}"));

    /// <summary>With one mark at its end.</summary>
    internal static string Ended(string sentence) => sentence is [.., '?' or '.' or '!' or '…'] ? sentence : $"{sentence}.";
}
