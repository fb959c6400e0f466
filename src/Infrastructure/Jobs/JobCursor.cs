using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace NeuralCapacitance.Infrastructure.Jobs;

/// <summary>Opaque to clients, so that what is behind it may change.</summary>
internal static class JobCursor
{
    private const string Prefix = "jobs:";

    public static string After(long sequence) => Base64Url.EncodeToString(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Prefix}{sequence}")));

    /// <exception cref="FormatException">Not a cursor of ours.</exception>
    public static long Parse(string cursor)
    {
        var text = Base64Url.IsValid(cursor) ? Encoding.ASCII.GetString(Base64Url.DecodeFromChars(cursor)) : "";
        return text.StartsWith(Prefix, StringComparison.Ordinal) && long.TryParse(text.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            ? sequence
            : throw new FormatException($"'{cursor}' is no cursor; pass the one that the page before gave.");
    }
}
