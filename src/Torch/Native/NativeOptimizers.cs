using System.Runtime.InteropServices;

namespace TorchSharp.Native;

/// <summary>nc_sgd.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeSgd
{
    public double LearningRate;
    public double Momentum;
    public double Dampening;
    public double WeightDecay;
    public int Nesterov;
    public int Maximize;
}

/// <summary>nc_adam.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeAdam
{
    public double LearningRate;
    public double Beta1;
    public double Beta2;
    public double Epsilon;
    public double WeightDecay;
    public long Step;
    public int Decoupled;
    public int Maximize;
}
