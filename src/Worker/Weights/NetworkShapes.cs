using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using NeuralCapacitance.Worker.Hosting;

namespace NeuralCapacitance.Worker.Weights;

/// <summary>Names and shapes of what backbones are made of, for a process without libtorch: another one is asked (<see cref="ShapesCommand"/>), once for each backbone.</summary>
public sealed partial class NetworkShapes(IConfiguration configuration, TimeProvider time, ILogger<NetworkShapes> log)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly ConcurrentDictionary<string, IReadOnlyList<StateShape>> known = new(StringComparer.Ordinal);

    /// <param name="backbones">Names that the catalogue knows.</param>
    /// <returns>By name; without those that could not be had, of which the log tells.</returns>
    /// <exception cref="OperationCanceledException">No process is left then.</exception>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<StateShape>>> OfAsync(IEnumerable<string> backbones, CancellationToken cancellationToken)
    {
        string[] asked = [.. backbones.Distinct(StringComparer.Ordinal)];
        string[] unknown = [.. asked.Where(name => !known.ContainsKey(name))];
        if (unknown.Length > 0)
        {
            var end = await OwnCommand.RunAsync(OwnProcess.Start([ShapesCommand.Name], configuration), JsonSerializer.Serialize(unknown), Patience, time, cancellationToken);
            if (end.Status == 0)
            {
                foreach (var (name, shapes) in JsonSerializer.Deserialize<Dictionary<string, StateShape[]>>(end.Output)!)
                {
                    known[name] = shapes;
                }
            }
            else
            {
                Unavailable(string.Join(", ", unknown), end.Status, end.FirstError);
            }
        }
        return asked.Where(known.ContainsKey).ToDictionary(name => name, name => known[name], StringComparer.Ordinal);
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "Weights of {Backbones} are not checked against the network before a trial: the process that builds it ended with status {Status}: {Error}")]
    private partial void Unavailable(string backbones, int? status, string error);
}
