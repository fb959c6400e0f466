using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Domain.Curves;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Rankings;

namespace NeuralCapacitance.Infrastructure.History;

/// <summary>The curves of <see cref="RankingOptions.History"/>, read once.</summary>
internal sealed class ImportedHistory
{
    public ImportedHistory(IOptions<RankingOptions> options)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var tasks = new List<PastTask>();
        foreach (var path in options.Value.History)
        {
            var bytes = File.ReadAllBytes(path);
            hash.AppendData(bytes);
            tasks.AddRange(PastTasks.OfCurves(CurveCsv.Parse(path, System.Text.Encoding.UTF8.GetString(bytes).Split('\n'))));
        }
        Tasks = tasks;
        Hash = Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public IReadOnlyList<PastTask> Tasks { get; }

    /// <summary>Of the files.</summary>
    public string Hash { get; }
}
