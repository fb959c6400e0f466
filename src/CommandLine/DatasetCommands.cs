using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace NeuralCapacitance.CommandLine;

/// <summary><c>datasets</c>: what there is, and your own.</summary>
internal static class DatasetCommands
{
    public static Command Create(Surroundings surroundings) => new("datasets", "Data sets that a job can name.") { List(surroundings), Upload(surroundings) };

    private static Command List(Surroundings surroundings)
    {
        var json = JsonOutput.Option();
        return new Command("list", "Show them.") { json }.Asks(surroundings, async (client, arguments, cancellationToken) =>
        {
            var datasets = await client.Datasets.ListAsync(cancellationToken);
            if (arguments.GetValue(json))
            {
                surroundings.WriteJson(datasets);
                return ExitCode.Answered;
            }

            var table = new Table().Border(TableBorder.Rounded).AddColumns("Data set", "Classes", "Training", "Validation", "Test", "");
            foreach (var dataset in datasets)
            {
                table.AddRow([.. new[]
                {
                    dataset.Name, Count(dataset.Classes.Count), Count(dataset.TrainImages), Count(dataset.ValidationImages), Count(dataset.TestImages),
                    dataset.IsUsable ? dataset.IsUploaded ? "uploaded" : "" : $"unusable: {dataset.Problems.FirstOrDefault()}",
                }.Select(cell => new Text(cell))]);
            }

            surroundings.Results.Write(table);
            return ExitCode.Answered;
        });
    }

    private static Command Upload(Surroundings surroundings)
    {
        var path = new Argument<string>("PATH") { Description = "Folder with one folder of images per class, or a zip file of such." };
        var name = new Option<string>("--name") { Description = "a–z, 0–9, -, _ and .; at most 64 characters.", Required = true };
        var json = JsonOutput.Option();
        return new Command("upload", "Upload images; a folder is zipped while it is sent.") { path, name, json }.Asks(surroundings, async (client, arguments, cancellationToken) =>
        {
            var uploaded = await SendingAsync(surroundings, progress => client.Datasets.UploadAsync(arguments.GetRequiredValue(name), arguments.GetRequiredValue(path), progress, cancellationToken));
            foreach (var problem in uploaded.Problems) surroundings.Notes.MarkupLineInterpolated($"[yellow]Note:[/] {problem}");
            if (arguments.GetValue(json)) surroundings.WriteJson(uploaded);
            else surroundings.Results.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{uploaded.Name}: {uploaded.Images} images of {uploaded.Classes.Count} classes.");
            return ExitCode.Answered;
        });
    }

    private static Task<T> SendingAsync<T>(Surroundings surroundings, Func<IProgress<long>?, Task<T>> send)
    {
        if (!surroundings.Notes.Profile.Out.IsTerminal) return send(null);
        return surroundings.Notes.Status().StartAsync("Sending …", status => send(new Sent(bytes =>
            status.Status(string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB sent …")))));
    }

    private static string Count(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Tells at once, on the thread that sends.</summary>
    private sealed class Sent(Action<long> tell) : IProgress<long>
    {
        public void Report(long value) => tell(value);
    }
}
