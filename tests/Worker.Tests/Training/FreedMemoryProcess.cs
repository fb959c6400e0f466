using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using NeuralCapacitance.Worker.Training;

namespace NeuralCapacitance.Worker.Tests.Training;

/// <summary>Takes memory as a slot does, on the thread that its process began with: glibc treats that of others otherwise.</summary>
internal static class FreedMemoryProcess
{
    public const string Task = "freed-memory";

    /// <summary>Bytes that are taken in all.</summary>
    public const long Taken = (long)Blocks * Block;

    private const int Blocks = 12;
    private const int Block = 16 << 20;

    /// <summary>Writes the bytes that are resident: at first, after memory was taken and freed, and after it was given back. libtorch is loaded already.</summary>
    public static void Run()
    {
        Write();
        TakeAndFree();
        Write();
        FreedMemory.GiveBack();
        Write();

        static void Write() => Console.WriteLine(Environment.WorkingSet.ToString(CultureInfo.InvariantCulture));
    }

    public static async Task<long[]> StartAsync(params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(FreedMemoryProcess).Assembly.Location, Task]) { UseShellExecute = false, RedirectStandardOutput = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return [.. output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries).Select(line => long.Parse(line, CultureInfo.InvariantCulture))];
    }

    private static unsafe void TakeAndFree()
    {
        var blocks = new nint[Blocks];
        for (var i = 0; i < Blocks; i++)
        {
            blocks[i] = (nint)NativeMemory.Alloc(Block);
            NativeMemory.Fill((void*)blocks[i], Block, 1);
        }
        foreach (var block in blocks) NativeMemory.Free((void*)block);
    }
}
