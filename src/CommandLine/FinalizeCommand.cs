using System.CommandLine;
using NeuralCapacitance.Client.Models;
using Spectre.Console;

namespace NeuralCapacitance.CommandLine;

/// <summary><c>finalize</c>: the winner, or another candidate, trained to the end.</summary>
internal static class FinalizeCommand
{
    private static readonly Dictionary<string, ModelHead> Heads = new(StringComparer.Ordinal)
    {
        ["linear"] = ModelHead.Linear, ["trainable-probe"] = ModelHead.TrainableProbe, ["probe"] = ModelHead.Probe,
    };

    public static Command Create(Surroundings surroundings)
    {
        var id = JobCommands.Id();
        var candidate = new Option<string?>("--candidate") { Description = "Which one; the first of the ranking if absent." };
        var head = new Option<string?>("--head") { Description = "What its features go into; linear if absent." };
        head.AcceptOnlyFromAmong([.. Heads.Keys]);
        var epochs = new Option<int?>("--epochs") { Description = "How many; the job's own if absent." };
        var wait = new Option<bool>("--wait") { Description = "Follow it to its end. Exit code: 0 trained, 2 failed." };
        var (json, progress) = (JsonOutput.Option(), ProgressOption.Create());
        return new Command("finalize", "Train a job's winner to the end.") { id, candidate, head, epochs, wait, json, progress }.Asks(surroundings, async (client, arguments, cancellationToken) =>
        {
            var job = arguments.GetRequiredValue(id);
            var request = new FinalizeRequest
            {
                Candidate = arguments.GetValue(candidate), Head = arguments.GetValue(head) is { } named ? Heads[named] : null, Epochs = arguments.GetValue(epochs),
            };
            var finalization = await client.Jobs.FinalizeAsync(job, request, cancellationToken: cancellationToken);
            if (!arguments.GetValue(wait))
            {
                if (arguments.GetValue(json)) surroundings.WriteJson(finalization);
                else await surroundings.Output.WriteLineAsync(finalization.Id.ToString());
                return ExitCode.Answered;
            }

            var watch = new JobWatch(client, surroundings) { Json = arguments.GetValue(json), Progress = arguments.GetValue(progress) };
            return await watch.ToModelAsync(job, finalization, cancellationToken);
        });
    }
}
