using NeuralCapacitance.Worker.Memory;
using NeuralCapacitance.Worker.Tests.Training;

namespace NeuralCapacitance.Worker.Tests.Memory;

public sealed class MachineMemoryTests
{
    [Fact]
    public void This_machine_has_some() => MachineMemory.Total().ShouldNotBeNull().ShouldBeInRange(100_000_000, 100_000_000_000_000);

    [Fact]
    public void The_limits_of_a_group_and_of_those_around_it_count_in_both_versions()
    {
        using var folder = new TemporaryFolder();
        Write("a.slice/memory.max", "5000\n");
        Write("a.slice/b.scope/memory.max", "max\n");
        Write("memory/docker/c/memory.limit_in_bytes", "7000");
        Write("memory/memory.limit_in_bytes", "9223372036854771712");

        MachineMemory.GroupLimits(["0::/a.slice/b.scope"], folder.Path).ShouldBe([5000]);
        MachineMemory.GroupLimits(["4:cpu,cpuacct:/x", "3:memory:/docker/c"], folder.Path).ShouldBe([7000, 9223372036854771712]);
        MachineMemory.GroupLimits(["0::/of/the/host", "nonsense"], folder.Path).ShouldBeEmpty();

        void Write(string path, string text)
        {
            var file = Path.Combine(folder.Path, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }
    }

    [Fact]
    public void Memory_of_the_machine_is_read_in_kilobytes()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "meminfo");
        File.WriteAllText(file, "MemTotal:       24571876 kB\nMemFree:        1 kB\n");

        MachineMemory.Physical(file).ShouldBe(24571876L * 1024);
        MachineMemory.Physical("/no/such").ShouldBeNull();
    }
}
