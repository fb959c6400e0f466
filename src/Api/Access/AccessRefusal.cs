using System.Globalization;
using System.Runtime.ExceptionServices;
using Microsoft.AspNetCore.Http.HttpResults;
using NeuralCapacitance.Api.Problems;
using NeuralCapacitance.Domain.Access;

namespace NeuralCapacitance.Api.Access;

/// <summary>401, 403 and 429 as problem+json.</summary>
internal static class AccessRefusal
{
    private const string HowToCome = "Send `Authorization: Bearer KEY`.";

    public static Task ChallengeAsync(HttpContext context)
    {
        var fault = AccessFault.Of(context);
        if (fault?.Outage is { } outage) ExceptionDispatchInfo.Throw(outage);
        if (fault?.Wait is { } wait) return TooManyFailures(context, wait).ExecuteAsync(context);
        context.Response.Headers.WWWAuthenticate = fault is null ? "Bearer" : "Bearer error=\"invalid_token\"";
        return ProblemTypes.AuthenticationRequired.ToResult($"{fault?.Reason ?? "The request carries no key."} {HowToCome}").ExecuteAsync(context);
    }

    public static ProblemHttpResult TooManyFailures(HttpContext context, TimeSpan wait)
    {
        var seconds = (int)Math.Ceiling(wait.TotalSeconds);
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return ProblemTypes.TooManyFailures.ToResult($"Too many wrong keys came from this address. Try again in {seconds} s.");
    }

    public static Task ForbidAsync(HttpContext context)
    {
        var needed = context.GetEndpoint()?.Metadata.GetMetadata<RequiredRole>()?.Role ?? Role.Read;
        var request = $"{context.Request.Method} {context.Request.Path} takes `{RoleWords.Of(needed)}`.";
        var detail = context.User.ToCaller() is { } caller ? $"`{caller.Name}` has the role `{RoleWords.Of(caller.Role)}`; {request}"
            : context.User.WhyWithoutRole() is { } reason ? $"{reason} {request}"
            : request;
        return ProblemTypes.NotPermitted.ToResult(detail).ExecuteAsync(context);
    }
}
