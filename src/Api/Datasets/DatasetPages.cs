using System.Buffers.Text;
using System.Text;
using NeuralCapacitance.Api.Jobs;

namespace NeuralCapacitance.Api.Datasets;

/// <summary>Pages of data sets, which go on behind a name: what comes or goes meanwhile is neither told twice nor left out.</summary>
internal static class DatasetPages
{
    private const string Prefix = "datasets:";

    /// <param name="datasets">Sorted by name.</param>
    /// <param name="cursor">Null: from the beginning.</param>
    /// <exception cref="FormatException">The cursor is not one of ours.</exception>
    public static PageResponse<DatasetSummary> Of(IEnumerable<DatasetSummary> datasets, int limit, string? cursor)
    {
        var after = cursor is null ? null : Parse(cursor);
        var rest = datasets.Where(dataset => after is null || string.CompareOrdinal(dataset.Name, after) > 0).Take(limit + 1).ToList();
        return rest.Count > limit ? new(rest[..limit], After(rest[limit - 1].Name)) : new(rest, null);
    }

    private static string After(string name) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(Prefix + name));

    private static string Parse(string cursor)
    {
        var text = Base64Url.IsValid(cursor) ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)) : "";
        return text.StartsWith(Prefix, StringComparison.Ordinal) ? text[Prefix.Length..] : throw new FormatException($"'{cursor}' is no cursor of data sets.");
    }
}
