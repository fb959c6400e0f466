using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;

namespace NeuralCapacitance.Worker.TensorBoard;

/// <summary>What TensorBoard shows as the name of a trial's run: a folder for the job, in it one for each trial. Names are users' texts, of which only what is harmless in a file's name stays.</summary>
internal static class RunFolder
{
    /// <summary>Of a text, in characters: with what follows it at most 255 bytes, which is all that a file's name may have.</summary>
    private const int Longest = 64;

    private const string HarmlessSigns = "-_.+=@,()[]";

    /// <summary>
    /// <c>JOB-id/CANDIDATE#repeat</c>, relative. The id begins as the job's does on the page, which sorts jobs of one name by age, and ends as the job's does, which
    /// tells those of one minute apart. Two candidates whose names come to the same get their positions in the spec.
    /// </summary>
    public static string Of(JobSpec spec, Trial trial)
        => Path.Combine($"{Harmless(spec.Name ?? spec.Dataset.Name)}-{ShortId(trial.JobId)}", $"{CandidateOf(spec.Candidates, trial.CandidateIndex)}#{trial.Repeat}");

    private static string CandidateOf(IReadOnlyList<CandidateSpec> candidates, int index)
    {
        var name = Harmless(candidates[index].Name);
        // Some file systems do not tell capitals from small letters. No harmless name has a '~' of its own.
        return candidates.Count(other => string.Equals(Harmless(other.Name), name, StringComparison.OrdinalIgnoreCase)) > 1 ? $"{name}~{index}" : name;
    }

    private static string Harmless(string text)
    {
        var signs = text.Take(Longest).Select(sign => char.IsLetterOrDigit(sign) || HarmlessSigns.Contains(sign) ? sign : '_');
        var name = string.Concat(signs);
        return name.StartsWith('.') ? $"_{name[1..]}" : name;
    }

    private static string ShortId(Guid id)
    {
        var digits = id.ToString("N");
        return $"{digits[..8]}{digits[^8..]}";
    }
}
