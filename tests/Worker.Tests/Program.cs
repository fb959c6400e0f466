using NeuralCapacitance.Worker.Tests.Datasets.Cache;
using NeuralCapacitance.Worker.Tests.Hosting;
using NeuralCapacitance.Worker.Tests.Training;

namespace NeuralCapacitance.Worker.Tests;

/// <summary>A process that tests start: to kill it, when it says that it is where they want it, or since it loads what theirs must not.</summary>
internal static class Program
{
    /// <param name="args"><c>build ROOT</c>: stops in the middle of making a cache file. <c>hold ROOT</c>: keeps one open. <c>libtorch FOLDER</c>: computes with that libtorch. <c>freed-memory</c>: says what it keeps.</param>
    private static void Main(string[] args)
    {
        using var never = new ManualResetEvent(initialState: false);
        switch (args)
        {
            case ["build", var root]:
                CacheProcess.Open(root, During).Dispose();
                break;
            case ["hold", var root]:
                using (CacheProcess.Open(root, () => { })) During();
                break;
            case ["libtorch", var folder]:
                LibTorchProcess.Run(folder);
                break;
            case [FreedMemoryProcess.Task]:
                FreedMemoryProcess.Run();
                break;
            default:
                throw new ArgumentException($"Unknown arguments: {string.Join(' ', args)}.", nameof(args));
        }

        void During()
        {
            Console.WriteLine(CacheProcess.Ready);
            never.WaitOne();
        }
    }
}
