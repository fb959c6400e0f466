using System.Buffers;
using System.Globalization;

namespace NeuralCapacitance.Api.Observations;

/// <summary>Observations as RFC 4180 CSV: one header, one line each, numbers so that reading them back gives the same bits.</summary>
internal static class ObservationCsv
{
    private static readonly SearchValues<char> NeedsQuotes = SearchValues.Create(",\"\r\n");

    private static readonly (string Name, Func<ObservationResponse, object?> Value)[] Columns =
    [
        ("id", o => o.Id),
        ("trialId", o => o.TrialId),
        ("candidate", o => o.Candidate),
        ("repeat", o => o.Repeat),
        ("epoch", o => o.Epoch),
        ("betaEff", o => o.BetaEff),
        ("betaSquared", o => o.BetaSquared),
        ("betaPerSample", o => o.BetaPerSample),
        ("betaSigned", o => o.BetaSigned),
        ("validationAccuracy", o => o.ValidationAccuracy),
        ("validationLoss", o => o.ValidationLoss),
        ("validationCount", o => o.ValidationCount),
        ("trainAccuracy", o => o.TrainAccuracy),
        ("trainLoss", o => o.TrainLoss),
        ("testAccuracy", o => o.TestAccuracy),
        ("testCount", o => o.TestCount),
        ("trainSeconds", o => o.TrainSeconds),
        ("betaSeconds", o => o.BetaSeconds),
        ("validationSeconds", o => o.ValidationSeconds),
        ("recordedAt", o => o.RecordedAt.ToString("O", CultureInfo.InvariantCulture)),
    ];

    public static async Task WriteAsync(IAsyncEnumerable<ObservationResponse> observations, Stream stream, CancellationToken cancellationToken)
    {
        await using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\r\n" };
        await writer.WriteLineAsync(string.Join(',', Columns.Select(column => column.Name)));
        await foreach (var observation in observations.WithCancellation(cancellationToken))
        {
            await writer.WriteLineAsync(string.Join(',', Columns.Select(column => Cell(column.Value(observation)))));
        }
    }

    private static string Cell(object? value)
    {
        var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        // A spreadsheet would run a name that starts like a formula.
        if (value is string && text is ['=' or '+' or '-' or '@', ..]) text = $"'{text}";
        return text.AsSpan().ContainsAny(NeedsQuotes) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
