using System.CommandLine;
using NeuralCapacitance.Worker.Training;

namespace NeuralCapacitance.Benchmarks;

/// <summary>Where a benchmark computes: <c>--device</c> and <c>--threads</c>.</summary>
internal sealed record DeviceOptions(Option<string> Device, Option<int> Threads)
{
    public ComputeDevice Of(ParseResult arguments) => ComputeDevice.Choose(arguments.GetValue(Device)!, arguments.GetValue(Threads));
}
