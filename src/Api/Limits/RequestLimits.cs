using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Api.Access;
using NeuralCapacitance.Api.Problems;
using NeuralCapacitance.Domain.Access;

namespace NeuralCapacitance.Api.Limits;

/// <summary>Counts the requests of each key, or address where there is no key, as reads, changes and expensive ones.</summary>
internal static class RequestLimits
{
    private const int SecondsPerMinute = 60;

    /// <summary>Of an IPv6 address: a subscriber has a network of them.</summary>
    private const int NetworkBytes = 8;

    public static IServiceCollection AddLimits(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptionsWithValidateOnStart<LimitOptions, LimitOptionsValidator>().Bind(configuration.GetSection(LimitOptions.Section));
        services.AddSingleton<Quotas>();
        services.AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<LimitOptions>>((limiter, limits) =>
        {
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, Counted>(context => PartitionOf(context, limits.Value));
            limiter.OnRejected = (rejected, _) => RefuseAsync(rejected, limits.Value);
        });
        return services;
    }

    /// <summary>Of requests a minute: as many may come at once, and one more for each so-many-th part of a minute.</summary>
    internal static TokenBucketRateLimiterOptions Bucket(int perMinute)
    {
        var each = Math.Max(1, perMinute / SecondsPerMinute);
        return new()
        {
            TokenLimit = perMinute,
            TokensPerPeriod = each,
            ReplenishmentPeriod = TimeSpan.FromMinutes((double)each / perMinute),
            QueueLimit = 0,
        };
    }

    private static RateLimitPartition<Counted> PartitionOf(HttpContext context, LimitOptions limits)
    {
        var caller = context.User.ToCaller();
        if (context.GetEndpoint() is null || limits.Requests is false || (limits.Requests is null && caller == Caller.Local))
            return RateLimitPartition.GetNoLimiter(new Counted(RequestClass.Read, ""));
        var counted = new Counted(RequestClasses.Of(context), WhoOf(caller, context.Connection.RemoteIpAddress));
        return RateLimitPartition.GetTokenBucketLimiter(counted, by => Bucket(LimitOf(by.Class, limits).PerMinute));
    }

    private static string WhoOf(Caller? caller, IPAddress? address)
    {
        if (caller is not null && !string.Equals(caller.Owner, Caller.LocalOwner, StringComparison.Ordinal)) return caller.Owner;
        return address switch
        {
            null => "local socket",
            { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
            { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, NetworkBytes)),
            _ => address.ToString(),
        };
    }

    private static (int PerMinute, string Setting, string Noun) LimitOf(RequestClass of, LimitOptions limits) => of switch
    {
        RequestClass.Read => (limits.ReadsPerMinute, nameof(limits.ReadsPerMinute), "reads"),
        RequestClass.Change => (limits.ChangesPerMinute, nameof(limits.ChangesPerMinute), "changes"),
        _ => (limits.ExpensivePerMinute, nameof(limits.ExpensivePerMinute), "expensive requests (rankings, finalizations, dry runs, uploads, data sets in detail)"),
    };

    private static async ValueTask RefuseAsync(OnRejectedContext rejected, LimitOptions limits)
    {
        var context = rejected.HttpContext;
        var (perMinute, setting, noun) = LimitOf(RequestClasses.Of(context), limits);
        var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? (int)Math.Ceiling(after.TotalSeconds) : 1;
        context.Response.Headers.RetryAfter = Math.Max(1, wait).ToString(CultureInfo.InvariantCulture);
        await ProblemTypes.RateLimited.ToLimitResult($"More than {perMinute} {noun} a minute.", $"{LimitOptions.Section}:{setting}", perMinute).ExecuteAsync(context);
    }

    /// <param name="Who">An owner, or an address.</param>
    private sealed record Counted(RequestClass Class, string Who);
}
