using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace NeuralCapacitance.CommandLine;

/// <summary><c>weights</c>: the files that a candidate can start from.</summary>
internal static class WeightsCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var json = JsonOutput.Option();
        return new Command("weights", "Show the files of weights that a candidate can start from.") { json }.Asks(surroundings, async (client, arguments, cancellationToken) =>
        {
            var weights = await client.GetWeightsAsync(cancellationToken: cancellationToken);
            if (arguments.GetValue(json))
            {
                surroundings.WriteJson(weights);
                return ExitCode.Answered;
            }

            var table = new Table().Border(TableBorder.Rounded).AddColumns("Weights", "MB", "Saved by");
            foreach (var item in weights.Items)
            {
                var origin = item.SavedBy is { } by ? $"{by.Candidate} of {by.JobName ?? by.JobId.ToString()}" : "";
                table.AddRow([.. new[] { item.Weights, (item.Bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture), origin }.Select(cell => new Text(cell))]);
            }

            surroundings.Results.Write(table);
            if (weights.More is { } more) surroundings.Notes.MarkupLineInterpolated($"Not all are listed: {more}.");
            return ExitCode.Answered;
        });
    }
}
