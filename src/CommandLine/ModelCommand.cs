using System.CommandLine;
using Spectre.Console;

namespace NeuralCapacitance.CommandLine;

/// <summary><c>model</c>: the finalized model, and Python that loads it.</summary>
internal static class ModelCommand
{
    /// <summary>As the page calls it.</summary>
    private const string Snippet = "load_model.py";

    /// <summary>What it imports where the backbone is the service's own.</summary>
    private const string Backbones = "pytorch_backbones";

    public static Command Create(Surroundings surroundings)
    {
        var id = JobCommands.Id();
        var to = new Option<DirectoryInfo>("--out") { Description = "Folder; made if it is not there. The current one if absent.", DefaultValueFactory = _ => new DirectoryInfo(".") };
        return new Command("model", $"Download a finalized model (safetensors), and {Snippet}, which loads it with PyTorch.") { id, to }.Asks(surroundings, async (client, arguments, cancellationToken) =>
        {
            var job = await client.Jobs.GetAsync(arguments.GetRequiredValue(id), cancellationToken);
            if (job.Finalization?.Model is not { } model) throw new CommandException(Why(job));
            var folder = arguments.GetRequiredValue(to);
            folder.Create();
            var file = Path.Combine(folder.FullName, Path.GetFileName(model.FileName));
            await client.Jobs.DownloadModelAsync(job.Id, file, cancellationToken);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, Snippet), model.Snippet, cancellationToken);
            if (model.Snippet.Contains(Backbones, StringComparison.Ordinal))
            {
                await File.WriteAllTextAsync(Path.Combine(folder.FullName, $"{Backbones}.py"), await client.GetPyTorchBackbonesAsync(cancellationToken), cancellationToken);
            }

            await surroundings.Output.WriteLineAsync(file);
            return ExitCode.Answered;
        });
    }

    private static string Why(Client.Models.Job job) => job.Finalization is null
        ? $"Job {job.Id} has no model: `neural-capacitance finalize {job.Id} --wait` trains its winner to the end."
        : $"The model of job {job.Id} is not there: its finalization is {job.Finalization.State.ToString().ToLowerInvariant()}. {job.Finalization.Failure?.Message ?? $"`neural-capacitance watch {job.Finalization.Id}` follows it."}";
}
