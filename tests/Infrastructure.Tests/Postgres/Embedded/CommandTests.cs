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
    public async Task Programs_on_the_path_are_found_and_answer()
    {
        Path.IsPathRooted(Command.Find("test")).ShouldBeTrue();
        (await Command.RunAsync("test", ["-d", "/"], default)).Succeeded.ShouldBeTrue();
        (await Command.RunAsync("test", ["-e", "/no/such/file"], default)).ExitCode.ShouldBe(1);
    }
}
