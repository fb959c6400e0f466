using System.Runtime.InteropServices;

namespace NeuralCapacitance.Worker.Datasets.Decoding.Vips;

/// <summary>GLib's value of any type, as it lies in memory.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GValue
{
    private nuint type;
    private ulong first;
    private ulong second;
}
