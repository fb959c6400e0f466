using NeuralCapacitance.Domain.Answers;

namespace NeuralCapacitance.Domain.Tests.Answers;

public sealed class WordsTests
{
    [Theory]
    [InlineData(0.912, 0.893, 0.927, "91 % expected (89 – 93)")]
    [InlineData(0.29, 0.28, 0.31, "29 % expected (28 – 31)")]
    [InlineData(0.9124, 0.9081, 0.9179, "91.2 % expected (90.8 – 91.8)")]
    [InlineData(0, 0, 1, "0 % expected (0 – 100)")]
    public void Bounds_are_rounded_outwards(double accuracy, double low, double high, string text) => Words.Expected(accuracy, low, high).ShouldBe(text);

    [Theory]
    [InlineData(0.8399, "83 % sure")]
    [InlineData(0.9999, "99 % sure")]
    [InlineData(1, "100 % sure")]
    [InlineData(0.29, "29 % sure")]
    public void Certainty_is_rounded_down(double probability, string text) => Words.Sure(probability).ShouldBe(text);

    [Theory]
    [InlineData("a", "`a`")]
    [InlineData("a b", "`a` and `b`")]
    [InlineData("a b c", "`a`, `b` and `c`")]
    [InlineData("a b c d e", "`a`, `b`, `c` and 2 more")]
    public void Names_are_listed_as_in_a_sentence(string names, string text) => Words.List(names.Split(' ')).ShouldBe(text);

    [Theory]
    [InlineData(1, "first")]
    [InlineData(3, "third")]
    [InlineData(11, "11th")]
    [InlineData(21, "21st")]
    [InlineData(112, "112th")]
    public void Places_are_ordinals(int rank, string text) => Words.Place(rank).ShouldBe(text);

    [Theory]
    [InlineData(0.2, "less than a second")]
    [InlineData(41, "41 s")]
    [InlineData(2_460, "41 min")]
    [InlineData(9_000, "2.5 h")]
    [InlineData(864_000, "10 days")]
    public void Durations_have_the_unit_that_one_would_say(double seconds, string text) => Words.Duration(seconds).ShouldBe(text);

    [Fact]
    public void A_name_stays_in_its_quotes_and_on_its_line() => Words.Quoted("a`b\nc").ShouldBe("`a´b c`");
}
