using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Api.Problems;

public static class ProblemResults
{
    /// <summary>The member that lists every fault.</summary>
    internal const string Errors = "errors";

    /// <summary>The member that says that there are more faults than are listed; absent where there are not.</summary>
    internal const string MoreErrors = "moreErrors";

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

    /// <summary>Every fault with its path, and whether there are more of them.</summary>
    public static ProblemHttpResult ToResult(this ProblemType type, IReadOnlyList<SpecFault> faults, bool hasMore)
    {
        List<FieldError> errors = [.. faults.Select(fault => new FieldError(fault.Path, fault.Value, fault.Problem, fault.Accepted))];
        var details = type.ToDetails(hasMore ? $"{Summarize(errors)} There are more faults: these are the first {errors.Count}." : Summarize(errors), errors);
        if (hasMore) details.Extensions[MoreErrors] = true;
        return TypedResults.Problem(details);
    }

    /// <summary>With how much is allowed, and the setting that says so.</summary>
    public static ProblemDetails ToLimitDetails(this ProblemType type, string detail, string setting, long limit)
    {
        var details = type.ToDetails($"{detail} The setting is `{setting}`.");
        (details.Extensions["limit"], details.Extensions["setting"]) = (limit, setting);
        return details;
    }

    public static ProblemHttpResult ToLimitResult(this ProblemType type, string detail, string setting, long limit)
        => TypedResults.Problem(type.ToLimitDetails(detail, setting, limit));

    public static ProblemHttpResult JobNotFound(Guid id) => ProblemTypes.JobNotFound.ToResult($"There is no job {id}.");

    public static ProblemHttpResult InvalidParameters(params IReadOnlyList<FieldError> errors)
        => ProblemTypes.InvalidParameter.ToResult(Summarize(errors), errors);

    /// <summary>The answer about the parameters that are unusable; null where none is.</summary>
    public static ProblemHttpResult? UnusableAmong(params IEnumerable<FieldError?> faults)
        => faults.OfType<FieldError>().ToList() is { Count: > 0 } unusable ? InvalidParameters(unusable) : null;

    /// <summary>All faults in one sentence each, for a client that reads no further than <c>detail</c>.</summary>
    public static string Summarize(IReadOnlyList<FieldError> errors)
        => string.Join(' ', errors.Select(error => $"`{error.Path}` {Ended(error.Problem)}"));

    /// <summary>With one mark at its end.</summary>
    internal static string Ended(string sentence) => sentence is [.., '?' or '.' or '!' or '…'] ? sentence : $"{sentence}.";
}
