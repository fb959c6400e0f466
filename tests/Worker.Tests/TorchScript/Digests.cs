using System.Security.Cryptography;

namespace NeuralCapacitance.Worker.Tests.TorchScript;

internal static class Digests
{
    public static string Of(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
}
