using NeuralCapacitance.Worker.TorchScript;

namespace NeuralCapacitance.Worker.Tests.TorchScript;

public sealed class ModelWordsTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("two\nlines\r\u001b[31m\u0000", "two lines  [31m ")]
    [InlineData("turned \u202Earound\u2028", "turned  around ")]
    [InlineData("ä – 猫 😀", "ä – 猫 😀")]
    public void Line_breaks_and_control_characters_go(string text, string line) => ModelWords.OneLine(text, 100).ShouldBe(line);

    [Fact]
    public void What_is_too_long_is_cut_between_characters()
    {
        ModelWords.OneLine(new string('x', 100), 10).ShouldBe("xxxxxxxxxx…");
        ModelWords.OneLine("xxxx😀", 5).ShouldBe("xxxx…");
        ModelWords.OneLine("xxxxx", 5).ShouldBe("xxxxx");
    }

    [Fact]
    public void Of_a_page_the_line_that_names_the_error_is_told()
        => ModelWords.Quote("Traceback\n  code\nValueError: no training here\n").ShouldBe("in the model's own words “ValueError: no training here”.");
}
