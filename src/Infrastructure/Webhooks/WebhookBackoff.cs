namespace NeuralCapacitance.Infrastructure.Webhooks;

/// <summary>When a delivery that failed is tried again.</summary>
internal static class WebhookBackoff
{
    /// <summary>By which a pause may be longer or shorter: what failed together need not come back together.</summary>
    public const double Jitter = 0.2;

    /// <summary>After the first try, the second, …: a day in all.</summary>
    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5), TimeSpan.FromHours(8),
        TimeSpan.FromHours(8.5),
    ];

    public static int MostTries => Pauses.Length + 1;

    /// <param name="tries">Made so far, at least 1.</param>
    /// <returns>Null: it is given up.</returns>
    public static TimeSpan? After(int tries, Guid delivery)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tries, 1);
        return tries > Pauses.Length ? null : Pauses[tries - 1] * (1 + (Jitter * Lot(delivery, tries)));
    }

    /// <summary>From −1 to 1, always the same: the id's own bits are as good as any.</summary>
    private static double Lot(Guid delivery, int tries)
    {
        Span<byte> bytes = stackalloc byte[16];
        delivery.TryWriteBytes(bytes);
        // The last bytes of a version 7 are random.
        return (bytes[8 + (tries % 8)] / 127.5) - 1;
    }
}
