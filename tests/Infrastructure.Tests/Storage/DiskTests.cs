using System.Runtime.Versioning;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Infrastructure.Postgres.Embedded;
using NeuralCapacitance.Infrastructure.Storage;
using NeuralCapacitance.Infrastructure.Uploads;

namespace NeuralCapacitance.Infrastructure.Tests.Storage;

public sealed class DiskTests
{
    [Theory]
    [InlineData(1000, HealthStatus.Healthy)]
    [InlineData(999, HealthStatus.Unhealthy)]
    public async Task A_full_disk_is_told_without_a_path_or_a_number(long free, HealthStatus expected)
    {
        var check = new DiskHealthCheck(Options.Create(new StorageOptions { Root = Path.GetTempPath() }), Options.Create(new UploadOptions { KeepFreeBytes = 1000 }), _ => free);

        var result = await CheckAsync(check);

        result.Status.ShouldBe(expected);
        if (expected is HealthStatus.Healthy) return;
        result.Description.ShouldNotBeNull().ShouldContain("Uploads:KeepFreeBytes");
        result.Description.ShouldNotContain(Path.GetTempPath().TrimEnd('/'));
        result.Description.ShouldNotContain("999");
    }

    [Fact]
    public async Task A_disk_that_does_not_answer_is_not_ready()
        => (await CheckAsync(new DiskHealthCheck(Options.Create(new StorageOptions()), Options.Create(new UploadOptions()), _ => throw new IOException("gone")))).Status.ShouldBe(HealthStatus.Unhealthy);

    /// <summary>No account can make a folder there, root neither.</summary>
    [Fact]
    [SupportedOSPlatform("linux")]
    public void A_root_that_cannot_be_written_to_is_refused_with_the_systems_reason()
    {
        var fault = new StorageOptionsValidator().Validate(null, new StorageOptions { Root = "/proc/nc-data" }).Failures.ShouldHaveSingleItem();

        fault.ShouldStartWith("Storage:Root '/proc/nc-data' cannot be written to (");
        fault.ShouldEndWith("give a folder that the service may write to.");
    }

    [Fact]
    public void A_root_that_can_be_written_to_is_left_as_it_was()
    {
        var folder = Directory.CreateTempSubdirectory("nc-root-");
        WritableFolder.FaultOf(folder.FullName).ShouldBeNull();
        folder.EnumerateFileSystemInfos().ShouldBeEmpty();
        folder.Delete();
    }

    /// <summary>A read-only disk looked like a lock that somebody holds, and was waited for without end.</summary>
    [Fact]
    public void A_lock_that_cannot_be_taken_for_another_reason_than_its_holder_fails()
    {
        if (ReadOnlyFolder() is not { } folder) return;

        Should.Throw<IOException>(() => FolderLock.TryExclusive(Path.Combine(folder, "lock")));
    }

    [Fact]
    public void A_lock_that_is_held_is_no_failure()
    {
        var file = Path.GetTempFileName();
        using (FolderLock.TryExclusive(file).ShouldNotBeNull()) FolderLock.TryExclusive(file).ShouldBeNull();
        File.Delete(file);
    }

    private static Task<HealthCheckResult> CheckAsync(DiskHealthCheck check)
        => check.CheckHealthAsync(new() { Registration = new("disk", check, failureStatus: null, tags: null) });

    /// <summary>Null: no file system that this process sees is mounted read-only.</summary>
    private static string? ReadOnlyFolder() => File.Exists("/proc/mounts")
        ? File.ReadLines("/proc/mounts").Select(line => line.Split(' '))
            .Where(mount => mount[3].Split(',').Contains("ro") && Directory.Exists(mount[1]) && mount[2] is "tmpfs" or "ext4" or "overlay" or "xfs" or "sysfs")
            .Select(mount => mount[1]).FirstOrDefault()
        : null;
}
