using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Infrastructure.Artifacts;
using NeuralCapacitance.Worker.Weights;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Training;

/// <summary>
/// The whole state of a trial after an epoch, in one safetensors file that is replaced atomically: weights and buffers of backbone and
/// head, the optimizer's state, and all observations so far. It carries the observations because a worker may die after the file
/// is in place and before the last of them is stored; whoever resumes stores them again. Each attempt writes a file of its own.
/// </summary>
internal sealed class Checkpoint(Guid trialId, int attempt, string fingerprint, ArtifactStore artifacts)
{
    private const string FormKey = "form";
    private const string FingerprintKey = "fingerprint";
    private const string ObservationsKey = "observations";
    private const string ChecksumKey = "sha256";
    private const string OptimizerPrefix = "optimizer.";

    /// <summary>Which tensors there are, and what they mean. Raise it when that changes.</summary>
    private const string Form = "2";

    public void Save(FineTuning tuning, IReadOnlyList<Observation> observations)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var tensors = State(tuning).ToDictionary(t => t.Key, t => t.Value.cpu(), StringComparer.Ordinal);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [FormKey] = Form,
            [FingerprintKey] = fingerprint,
            [ObservationsKey] = JsonSerializer.Serialize(observations),
        };
        metadata[ChecksumKey] = Checksum(tensors, metadata[ObservationsKey]);
        artifacts.WriteAtomically(artifacts.CheckpointPath(trialId, attempt), temporary => SafetensorsWriter.Write(temporary, tensors, metadata));
        artifacts.DeleteCheckpoints(trialId, attempt);
    }

    /// <summary>
    /// Brings the trial to where the last attempt's file left it. A file that is absent, damaged, or of another trial changes nothing: the
    /// trial starts over, and says why.
    /// </summary>
    /// <returns>The observations so far, one per epoch from 0; empty: start from the beginning.</returns>
    public List<Observation> Restore(FineTuning tuning, Action<string> note)
    {
        if (artifacts.FindCheckpoint(trialId) is not { } path)
        {
            return [];
        }
        try
        {
            return Restore(path, tuning);
        }
        catch (Exception e) when (e is SafetensorsException or InvalidDataException or EndOfStreamException or JsonException)
        {
            // All that can have changed by now.
            tuning.RenewOptimizer();
            note($"The checkpoint could not be used, so the trial starts over: {e.Message}");
            return [];
        }
    }

    /// <summary>The model comes last: copying into tensors of the right shapes cannot fail.</summary>
    private List<Observation> Restore(string path, FineTuning tuning)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        using var reader = SafetensorsReader.Open(path);
        var observations = Check(reader, tuning, out var tensors);
        tuning.Optimizer.Load(tensors.Where(t => t.Key.StartsWith(OptimizerPrefix, StringComparison.Ordinal))
            .ToDictionary(t => t.Key[OptimizerPrefix.Length..], t => t.Value, StringComparer.Ordinal));
        foreach (var (name, target) in ModelState(tuning))
        {
            target.copy_(tensors[name]);
        }
        return observations;
    }

    /// <summary>Reads everything and checks everything before anything is changed.</summary>
    private List<Observation> Check(SafetensorsReader reader, FineTuning tuning, out Dictionary<string, Tensor> tensors)
    {
        if (!string.Equals(reader.Metadata.GetValueOrDefault(FormKey), Form, StringComparison.Ordinal))
        {
            throw new InvalidDataException("an earlier or later version of the program wrote it, whose optimizer keeps its state in another form.");
        }
        if (!string.Equals(reader.Metadata.GetValueOrDefault(FingerprintKey), fingerprint, StringComparison.Ordinal))
        {
            throw new InvalidDataException("it belongs to another trial, or to one whose spec, data or program has changed.");
        }
        tensors = reader.Entries.ToDictionary(e => e.Name, e => reader.Read(e.Name), StringComparer.Ordinal);
        var json = reader.Metadata.GetValueOrDefault(ObservationsKey, "");
        if (!string.Equals(reader.Metadata.GetValueOrDefault(ChecksumKey), Checksum(tensors, json), StringComparison.Ordinal))
        {
            throw new InvalidDataException("its checksum is wrong.");
        }
        var expected = State(tuning).Select(t => (t.Key, Shape: string.Join('×', t.Value.shape)));
        if (!expected.ToHashSet().SetEquals(tensors.Select(t => (t.Key, Shape: string.Join('×', t.Value.shape)))))
        {
            throw new InvalidDataException("it holds other tensors than this network.");
        }
        var observations = JsonSerializer.Deserialize<List<Observation>>(json)!;
        return observations.Count > 0 && observations.Select((o, i) => o.Epoch == i).All(inOrder => inOrder)
            ? observations
            : throw new InvalidDataException("its observations are not one per epoch.");
    }

    private static IEnumerable<KeyValuePair<string, Tensor>> ModelState(FineTuning tuning)
        => tuning.Backbone.state_dict().Select(t => KeyValuePair.Create($"backbone.{t.Key}", t.Value))
            .Concat(tuning.Head.state_dict().Select(t => KeyValuePair.Create($"{(tuning.Probe is null ? "head" : "probe")}.{t.Key}", t.Value)));

    private static IEnumerable<KeyValuePair<string, Tensor>> State(FineTuning tuning)
        => ModelState(tuning).Concat(tuning.Optimizer.State().Select(t => KeyValuePair.Create(OptimizerPrefix + t.Key, t.Value)));

    private static string Checksum(IReadOnlyDictionary<string, Tensor> tensors, string observations)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(observations));
        foreach (var (name, tensor) in SafetensorsWriter.Ordered(tensors))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{name}:{tensor.numel()};")));
            SafetensorsWriter.WriteBytes(tensor, hash.AppendData);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
