using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Domain.Answers;

/// <summary>What to do with an answer.</summary>
internal static class NextSteps
{
    public static string Finalize(Job job, string candidate) => job.Spec.Selection.Finalize is null
        ? $"Finalize the job: that trains {Words.Quoted(candidate)} to the end and gives you the model."
        : "The job's finalization trains its winner to the end and gives you the model.";
}
