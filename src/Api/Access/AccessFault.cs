namespace NeuralCapacitance.Api.Access;

/// <summary>Why what a request carries was not taken. Kept with the request until something is refused for it: what is open to all stays open.</summary>
internal sealed record AccessFault(string Reason)
{
    /// <summary>Nobody can say now who it is: the answer is that of the outage.</summary>
    public Exception? Outage { get; init; }

    /// <summary>Too many others were wrong: how long to wait.</summary>
    public TimeSpan? Wait { get; init; }

    public static AccessFault? Of(HttpContext context) => context.Features.Get<AccessFault>();

    public static AccessFault OfOutage(Exception outage) => new("Who it is cannot be looked up now.") { Outage = outage };

    public void KeepWith(HttpContext context) => context.Features.Set(this);
}
