using NeuralCapacitance.Infrastructure.Workers;

namespace NeuralCapacitance.Infrastructure.Tests.Workers;

public sealed class MachineMemoryTests
{
    private static readonly string[] Machine = ["MemTotal:       16000 kB", "MemFree:          500 kB", "MemAvailable:   12000 kB"];

    [Fact]
    public void A_machine_uses_what_is_not_available()
        => Read(("/proc/meminfo", Machine)).ShouldBe(new MemoryUse(4_000 * 1024, 16_000 * 1024));

    [Fact]
    public void A_container_has_its_own_limit_and_its_files_do_not_count()
        => Read(
            ("/proc/meminfo", Machine), ("/sys/fs/cgroup/memory.max", ["8192000"]), ("/sys/fs/cgroup/memory.current", ["3000000"]), ("/sys/fs/cgroup/memory.stat", ["anon 1", "inactive_file 1000000"]))
            .ShouldBe(new MemoryUse(2_000_000, 8_192_000));

    [Fact]
    public void A_container_without_a_limit_is_the_machine()
        => Read(("/proc/meminfo", Machine), ("/sys/fs/cgroup/memory.max", ["max"]), ("/sys/fs/cgroup/memory.current", ["3000000"])).ShouldBe(new MemoryUse(4_000 * 1024, 16_000 * 1024));

    [Fact]
    public void A_system_that_does_not_tell_has_none() => Read().ShouldBeNull();

    private static MemoryUse? Read(params (string Path, string[] Lines)[] files)
        => MachineMemory.Read(path => files.Any(file => file.Path == path), path => files.First(file => file.Path == path).Lines);
}
