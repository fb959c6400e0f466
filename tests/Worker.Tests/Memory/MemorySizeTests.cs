using NeuralCapacitance.Worker.Memory;

namespace NeuralCapacitance.Worker.Tests.Memory;

public sealed class MemorySizeTests
{
    [Theory]
    [InlineData("8GB", 8_000_000_000)]
    [InlineData("7.5 GiB", 8_053_063_680)]
    [InlineData("500mb", 500_000_000)]
    [InlineData("600000000", 600_000_000)]
    [InlineData("60%", 600)]
    [InlineData("100 %", 1000)]
    public void Bytes_and_shares_are_read(string text, long bytes) => MemorySize.Parse(text, whole: 1000).ShouldBe(bytes);

    [Theory]
    [InlineData("")]
    [InlineData("much")]
    [InlineData("-1GB")]
    [InlineData("0")]
    [InlineData("101%")]
    [InlineData("8 XB")]
    [InlineData("1e9")]
    [InlineData("99999999999TB")]
    public void What_is_no_size_is_none(string text) => MemorySize.Parse(text, whole: 1000).ShouldBeNull();

    [Fact]
    public void A_share_of_what_nobody_knows_is_none() => MemorySize.Parse("60%", whole: null).ShouldBeNull();

    [Theory]
    [InlineData(23_456_000_000, "23.5 GB")]
    [InlineData(499_000_001, "500 MB")]
    public void It_is_shown_for_people(long bytes, string text) => MemorySize.Show(bytes).ShouldBe(text);
}
