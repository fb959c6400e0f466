using System.Globalization;
using NeuralCapacitance.Infrastructure.Postgres;
using NeuralCapacitance.Worker.Logging;
using NeuralCapacitance.Worker.Tests.Hosting;
using Npgsql;
using Serilog;
using Serilog.Formatting.Display;

namespace NeuralCapacitance.Worker.Tests.Logging;

public sealed class EscapedTextTests
{
    [Theory]
    [InlineData("plain, übrigens ✓", "plain, übrigens ✓")]
    [InlineData("a\nb\r\nc\td", @"a\nb\r\nc\td")]
    [InlineData("\u001b[31mred", @"\u001B[31mred")]
    [InlineData("line\u2028separator", @"line\u2028separator")]
    [InlineData("right\u202eto left", @"right\u202Eto left")]
    public void Characters_that_are_no_text_are_written_out(string text, string expected) => ControlCharacters.Escape(text).ShouldBe(expected);

    [Fact]
    public void Every_text_of_a_line_is_escaped_whatever_holds_it()
    {
        var written = Written(log => log.Information(
            "Candidate {Candidate} of {@Job} on {Path} has {Tags}", "a\nERR b", new { Name = "c\nERR d", Deep = new[] { "e\nERR f" } }, "/data/\u001b[2J", new Dictionary<string, string> { ["g\nERR h"] = "i\nERR j" }));

        written.Split('\n').Length.ShouldBe(2, "one line, and its end");
        written.ShouldNotContain('\u001b');
    }

    [Fact]
    public void An_exception_is_indented_so_that_none_of_its_lines_looks_like_one_of_the_log()
    {
        var written = Written(log => log.Error(new FormatException("no number\n12:00:00.000 ERR all is lost\u001b[2J"), "It failed"));

        var lines = written.TrimEnd('\n').Split('\n');
        lines.Length.ShouldBeGreaterThan(1);
        lines[1..].ShouldAllBe(line => line.StartsWith("    ", StringComparison.Ordinal));
        written.ShouldNotContain('\u001b');
    }

    [Fact]
    public void Lines_about_a_lost_database_are_counted_and_not_written()
    {
        var journal = new OutageJournal();
        var sink = new LogSink();
        using (var log = new LoggerConfiguration().Filter.With(new OutageFilter(journal)).WriteTo.Sink(sink).CreateLogger())
        {
            for (var i = 0; i < 1000; i++) log.Error(new InvalidOperationException("wrapped", new NpgsqlException("away", new IOException("reset"))), "Something failed");
            log.Error(new InvalidOperationException("another matter"), "Something else failed");
        }

        sink.Events.ShouldHaveSingleItem().Exception!.Message.ShouldBe("another matter");
        journal.IsOpen.ShouldBeTrue();
        journal.Close().ShouldBe(1000);
    }

    private static string Written(Action<ILogger> write)
    {
        var sink = new LogSink();
        using (var log = new LoggerConfiguration().Enrich.With<EscapedText>().WriteTo.Sink(sink).CreateLogger()) write(log);
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        new MessageTemplateTextFormatter(WorkerLogging.Template, CultureInfo.InvariantCulture).Format(sink.Events.Single(), text);
        return text.ToString();
    }
}
