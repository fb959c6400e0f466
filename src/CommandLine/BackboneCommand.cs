using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace NeuralCapacitance.CommandLine;

/// <summary><c>backbones</c>: the candidates that a job can name.</summary>
internal static class BackboneCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var json = JsonOutput.Option();
        return new Command("backbones", "Show the backbones that a job can name.") { json }.Asks(surroundings, async (client, arguments, cancellationToken) =>
        {
            var backbones = await client.GetBackbonesAsync(cancellationToken);
            if (arguments.GetValue(json))
            {
                surroundings.WriteJson(backbones);
                return ExitCode.Answered;
            }

            var table = new Table().Border(TableBorder.Rounded).AddColumns("Backbone", "Family", "Parameters", "Multiply-adds", "Input", "Default weights", "ImageNet top-1");
            foreach (var backbone in backbones.Items)
            {
                table.AddRow([.. new[]
                {
                    backbone.Name, backbone.Family, Format($"{backbone.Parameters / 1e6:0.0} M"), Format($"{backbone.MultiplyAdds / 1e9:0.000} G"), Format($"{backbone.DefaultSize}×{backbone.DefaultSize}"),
                    backbone.DefaultWeights, backbone.Imagenet is { } published ? Format($"{100 * published.Top1Accuracy:0.0} %") : "–",
                }.Select(cell => new Text(cell))]);
            }

            surroundings.Results.Write(table);
            foreach (var pattern in backbones.Patterns) surroundings.Results.MarkupLineInterpolated($"[bold]{pattern.Name}[/] {pattern.Description}");
            return ExitCode.Answered;
        });
    }

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
