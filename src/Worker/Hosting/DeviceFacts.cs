using System.Globalization;
using NeuralCapacitance.Infrastructure.Workers;
using NeuralCapacitance.Worker.Training;

namespace NeuralCapacitance.Worker.Hosting;

/// <summary>The device that this worker's trials run on, as other nodes are told of it.</summary>
internal sealed class DeviceFacts(ComputeDevice device) : IWorkerFacts
{
    public string Device => device.Name;

    public MemoryUse? DeviceMemory()
        => device.IsCpu || !(OperatingSystem.IsLinux() || OperatingSystem.IsWindows()) ? null : NvidiaManagement.MemoryOf(int.Parse(device.Name.AsSpan(device.Name.IndexOf(':') + 1), NumberStyles.None, CultureInfo.InvariantCulture));
}
