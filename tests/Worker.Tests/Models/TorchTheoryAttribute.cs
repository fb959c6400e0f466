using NeuralCapacitance.Worker.Tests.Weights;

namespace NeuralCapacitance.Worker.Tests.Models;

/// <summary>Skipped, with the reason, where Debian's python3-torchvision is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TorchTheoryAttribute : TheoryAttribute
{
    private static readonly Lazy<bool> HasTorchvision = new(() => Python.Has("torch", "torchvision"));

    public TorchTheoryAttribute()
    {
        if (!HasTorchvision.Value)
            Skip = $"needs {Python.Path} with torch and torchvision (Debian: python3-torchvision)";
    }
}
