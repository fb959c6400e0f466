using NeuralCapacitance.Worker.Hosting;
using NeuralCapacitance.Worker.Tests.Training;
using TorchSharp;

namespace NeuralCapacitance.Worker.Tests.Hosting;

public sealed class LibTorchTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void The_one_that_the_program_carries_needs_no_setting()
    {
        LibTorch.Load(new TorchOptions());
        LibTorch.Version(new TorchOptions { LibraryPath = "" }).ShouldBe(torch.__version__);
    }

    [Fact]
    public async Task The_one_of_another_folder_is_used_instead()
    {
        var lib = Directory.CreateDirectory(Path.Combine(folder.Path, "torch", "lib")).FullName;
        File.WriteAllText(Path.Combine(folder.Path, "torch", "version.py"), "from typing import Optional\n__version__ = '2.10.0+test'\ncuda = None\n");
        var carried = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "libtorch", "runtimes", "linux-x64", "native"));
        foreach (var file in carried) File.Copy(file, Path.Combine(lib, Path.GetFileName(file)));

        var output = await LibTorchProcess.StartAsync(lib);

        output.ShouldBe(["2.10.0+test", "3", Path.Combine(lib, "libtorch_cpu.so")]);
    }

    [Fact]
    public async Task A_folder_without_one_is_told_what_was_looked_for()
    {
        File.WriteAllText(Path.Combine(folder.Path, "libc10.so"), "");

        var output = await LibTorchProcess.StartAsync(folder.Path);

        output.ShouldBe([$"There is no libtorch_cpu.so and no libtorch.so in '{folder.Path}', which Torch:LibraryPath names. It can be torch/lib of an installed PyTorch, or lib of an unpacked libtorch."]);
    }

    [Fact]
    public async Task Files_that_are_no_libraries_are_refused()
    {
        foreach (var name in (string[])["c10", "torch_cpu", "torch"]) File.WriteAllText(Path.Combine(folder.Path, $"lib{name}.so"), "no library");

        (await LibTorchProcess.StartAsync(folder.Path))
            .ShouldHaveSingleItem().ShouldStartWith($"The libtorch in '{folder.Path}' (version unknown), which Torch:LibraryPath names, does not fit TorchSharp");
    }

    /// <summary>Debian's python3-torch brings libtorch 1.13.</summary>
    [OldLibTorchFact]
    public async Task A_version_that_does_not_fit_is_refused()
    {
        var message = (await LibTorchProcess.StartAsync(OldLibTorchFactAttribute.Folder)).ShouldHaveSingleItem();

        message.ShouldStartWith($"The libtorch in '{OldLibTorchFactAttribute.Folder}'");
        message.ShouldContain("which is made for libtorch 2.10: ");
        message.ShouldContain("libLibTorchSharp.so needs functions that it does not have, or its files have other names inside.");
    }

    public void Dispose() => folder.Dispose();

    private sealed class OldLibTorchFactAttribute : FactAttribute
    {
        public const string Folder = "/usr/lib/x86_64-linux-gnu";

        public OldLibTorchFactAttribute() => Skip = File.Exists(Path.Combine(Folder, "libtorch_cpu.so.1.13")) ? null : "needs Debian's libtorch 1.13 (apt-get install python3-torch)";
    }
}
