using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace NeuralCapacitance.Infrastructure.Postgres;

/// <summary>Where a page of a listing ends. Opaque to clients, so that what is behind it may change.</summary>
internal static class PageCursor
{
    /// <param name="listing">A cursor is of use in its own listing only.</param>
    public static string After(string listing, long sequence) => Base64Url.EncodeToString(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{listing}:{sequence}")));

    /// <exception cref="FormatException">Not a cursor of ours.</exception>
    public static long Parse(string listing, string cursor)
    {
        var text = Base64Url.IsValid(cursor) ? Encoding.ASCII.GetString(Base64Url.DecodeFromChars(cursor)) : "";
        var prefix = $"{listing}:";
        return text.StartsWith(prefix, StringComparison.Ordinal) && long.TryParse(text.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            ? sequence
            : throw new FormatException($"'{cursor}' is no cursor; pass the one that the page before gave.");
    }
}
