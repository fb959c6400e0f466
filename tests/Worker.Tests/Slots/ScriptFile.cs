using System.IO.Compression;

namespace NeuralCapacitance.Worker.Tests.Slots;

/// <summary>Files as torch.jit saves them, whose code does to its process what no test should do to its own.</summary>
internal static class ScriptFile
{
    private const string Code = "own/code/__torch__.py";
    private const string Ordinary = "    _2 = torch.relu((conv2).forward(torch.relu(_1), ))\n    return _2\n";

    /// <summary>Only the parser sees it, and recurses for each.</summary>
    public static string Nested(int parentheses) => $"    return {new string('(', parentheses)}x{new string(')', parentheses)}\n";

    public const string Endless = "    y = (conv2).forward(torch.relu(_1), )\n    while True:\n      y = torch.relu(y)\n    return y\n";

    /// <summary>libtorch prints to standard output itself.</summary>
    public const string Printing = "    print(\"a line\\nand another\")\n" + Ordinary;

    /// <summary>Tells the first bytes of a file in its error.</summary>
    public static string Reading(string file) =>
        $"    y = torch.from_file(\"{file}\", False, 16, dtype=0)\n    t = \"\"\n    for i in range(16):\n      t = torch.add(t, torch.chr(int(torch.select(y, 0, i))))\n"
        + "    ops.prim.RaiseException(t, \"builtins.RuntimeError\")\n    return x\n";

    /// <summary>Makes a file of 64 letters A.</summary>
    public static string Writing(string file) => $"    y = torch.from_file(\"{file}\", True, 64, dtype=0)\n    z = torch.fill_(y, 65)\n"
        // What is not used is left out before it runs.
        + "    _2 = torch.relu((conv2).forward(torch.relu(_1), ))\n    return torch.add(_2, torch.mul(torch.sum(z), 0))\n";

    /// <summary>Fails with this text.</summary>
    public static string Raising(string text) => $"    ops.prim.RaiseException(\"{text}\", \"builtins.RuntimeError\")\n    return x\n";

    /// <param name="path">Where it goes.</param>
    /// <param name="end">Of its forward.</param>
    public static void Write(string path, string end)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var source = ZipFile.OpenRead(Path.Combine(AppContext.BaseDirectory, "Goldens", "own.pt"));
        using var target = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach (var entry in source.Entries)
        {
            using var from = entry.Open();
            using var to = target.CreateEntry(entry.FullName, CompressionLevel.NoCompression).Open();
            if (entry.FullName == Code)
            {
                using var reader = new StreamReader(from);
                using var writer = new StreamWriter(to);
                var code = reader.ReadToEnd();
                code.ShouldContain(Ordinary);
                writer.Write(code.Replace(Ordinary, end, StringComparison.Ordinal));
            }
            else
            {
                from.CopyTo(to);
            }
        }
    }
}
