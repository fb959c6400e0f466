using System.Collections.Frozen;
using System.Reflection;
using NeuralCapacitance.Domain.Datasets;

namespace NeuralCapacitance.Worker.Datasets.Kinds;

/// <summary>Every kind of data set of this assembly.</summary>
internal sealed class DatasetKinds
{
    private readonly FrozenDictionary<string, IDatasetKind> kinds = Assembly.GetExecutingAssembly().GetTypes()
        .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IDatasetKind)))
        .Select(type => (IDatasetKind)Activator.CreateInstance(type)!)
        .ToFrozenDictionary(kind => kind.Info.Name, StringComparer.Ordinal);

    public DatasetKinds() => All = [.. kinds.Values.OrderBy(kind => kind.Info.Name, StringComparer.Ordinal)];

    /// <summary>Sorted by name.</summary>
    public IReadOnlyList<IDatasetKind> All { get; }

    /// <exception cref="DatasetException">No kind has this name.</exception>
    public IDatasetKind Of(string name)
        => kinds.GetValueOrDefault(name)
            ?? throw new DatasetException("name", $"There is no data set '{name}'; accepted are {string.Join(", ", All.Select(kind => $"'{kind.Info.Name}'"))}.");
}
