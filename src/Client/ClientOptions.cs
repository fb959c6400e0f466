namespace NeuralCapacitance.Client;

/// <summary>How a client goes about its requests. The defaults suit a service a network away.</summary>
public sealed record ClientOptions
{
    /// <summary>Sent as <c>Authorization: Bearer</c>; null: the service asks for none.</summary>
    public string? ApiKey { get; init; }

    /// <summary>How often a request that may be repeated is sent again: on 502, 503, 504, on 429 with <c>Retry-After</c>, when there is no connection, and when no answer comes. 0: never.</summary>
    public int Retries { get; init; } = 4;

    /// <summary>Before the first retry; doubled for each further one. <c>Retry-After</c> of an answer goes before.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A <c>Retry-After</c> that is longer is not waited for: the refusal is thrown.</summary>
    public TimeSpan LongestRetryDelay { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long one answer may take; a dry run, an upload, an event stream and a download are not bounded by it.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>A stream of events that was silent for so long is taken for dead and opened again. The service sends a heartbeat every 15 s.</summary>
    public TimeSpan StreamSilence { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>For how many failures in a row a broken stream of events is opened again, before it is given up.</summary>
    public int Reconnects { get; init; } = 60;

    /// <summary>Before a broken stream is opened again, where the service has not said how long.</summary>
    public TimeSpan ReconnectDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>For tests.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
