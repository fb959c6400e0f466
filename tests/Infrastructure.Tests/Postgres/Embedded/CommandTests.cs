using System.Diagnostics;
using System.Globalization;
using NeuralCapacitance.Infrastructure.Postgres.Embedded;

namespace NeuralCapacitance.Infrastructure.Tests.Postgres.Embedded;

public sealed class CommandTests
{
    [Fact]
    public async Task Programs_in_the_working_directory_are_not_taken_for_the_systems()
    {
        var name = $"nc-{Guid.NewGuid():N}";
        var script = Path.Combine(Environment.CurrentDirectory, name);
        await File.WriteAllTextAsync(script, "#!/bin/sh\n");
        try
        {
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);

            (await Should.ThrowAsync<EmbeddedPostgresException>(() => Command.RunAsync(name, [], default))).Message.ShouldContain(name);
        }
        finally
        {
            File.Delete(script);
        }
    }

    [Fact]
    public async Task Program_that_ends_is_not_waited_for_because_of_what_it_left_running()
    {
        // As pg_ctl on Windows, whose server keeps the output open.
        var start = TimeProvider.System.GetTimestamp();
        var command = await Command.RunAsync("sh", ["-c", "echo said; echo complained >&2; sleep 60 & echo $! >&2; exit 3"], default);
        using var left = Process.GetProcessById(int.Parse(command.Errors.Split('\n')[1], CultureInfo.InvariantCulture));
        try
        {
            TimeProvider.System.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromSeconds(30));
            left.HasExited.ShouldBeFalse();
            command.ExitCode.ShouldBe(3);
            command.Output.ShouldBe("said\n");
            command.Errors.ShouldStartWith("complained\n");
        }
        finally
        {
            left.Kill();
        }
    }

    [Fact]
    public async Task Long_output_is_whole()
        => (await Command.RunAsync("seq", ["200000"], default)).Output.Count(c => c == '\n').ShouldBe(200_000);

    [Fact]
    public async Task Programs_on_the_path_are_found_and_answer()
    {
        Path.IsPathRooted(Command.Find("test")).ShouldBeTrue();
        (await Command.RunAsync("test", ["-d", "/"], default)).Succeeded.ShouldBeTrue();
        (await Command.RunAsync("test", ["-e", "/no/such/file"], default)).ExitCode.ShouldBe(1);
    }
}
