using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using NeuralCapacitance.Worker.Slots;

namespace NeuralCapacitance.Worker.Tests.Slots;

/// <summary>Processes that are no slots.</summary>
public sealed class SlotProcessTests
{
    [Fact]
    public void One_that_ends_before_it_is_ready_is_told_with_what_it_printed()
    {
        using var process = Start(_ => "echo 'no such thing' >&2; exit 3");

        Should.Throw<SlotUnfitException>(() => process.Greet(CancellationToken.None)).Faults
            .ShouldBe(["The process for trials ended by itself with status 3 before it was ready: no such thing"]);
        process.IsUsable.ShouldBeFalse();
    }

    [Fact]
    public void One_that_says_nonsense_is_ended()
    {
        using var process = Start(pipe => $"echo nonsense >&{pipe}; exec sleep 600");

        Should.Throw<SlotUnfitException>(() => process.Greet(CancellationToken.None)).Message.ShouldContain("said what it cannot mean, and was ended before it was ready");
        Directory.Exists($"/proc/{process.Id}").ShouldBeFalse();
    }

    [Fact]
    public void Half_a_line_is_nothing_said()
    {
        using var process = Start(pipe => $"printf '{{\"kind\":\"rea' >&{pipe}; kill -9 $$");

        Should.Throw<SlotUnfitException>(() => process.Greet(CancellationToken.None)).Message.ShouldContain("SIGKILL");
    }

    [Fact]
    public void One_that_says_something_else_first_is_unfit()
    {
        using var process = Start(pipe => $"echo '{{\"kind\":\"has-scores\"}}' >&{pipe}; exec sleep 600");

        Should.Throw<SlotUnfitException>(() => process.Greet(CancellationToken.None)).Message.ShouldContain("where it should have said that it is ready");
    }

    [Fact]
    public void One_that_cannot_be_started_is_an_error()
        => Should.Throw<System.ComponentModel.Win32Exception>(
            () => SlotProcess.Start(_ => Info("/no/such/program"), _ => { }, NullLoggerFactory.Instance, TimeProvider.System));

    private static SlotProcess Start(Func<string, string> script)
        => SlotProcess.Start(pipe => Info("bash", "-c", script(pipe)), _ => { }, NullLoggerFactory.Instance, TimeProvider.System);

    private static ProcessStartInfo Info(string program, params string[] arguments) => new(program, arguments)
    {
        UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
    };
}
