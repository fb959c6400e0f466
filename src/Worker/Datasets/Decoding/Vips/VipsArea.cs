using System.Runtime.InteropServices;

namespace NeuralCapacitance.Worker.Datasets.Decoding.Vips;

/// <summary>libvips' rectangle: pixels of an image.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct VipsArea(int Left, int Top, int Width, int Height);
