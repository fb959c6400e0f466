using NeuralCapacitance.Infrastructure.Storage;

namespace NeuralCapacitance.Infrastructure.Tests.Storage;

public sealed class SlashPathTests
{
    [Theory]
    [InlineData(@"weights\a\b.safetensors", '\\', "weights/a/b.safetensors")]
    [InlineData(@"weights/a\b.safetensors", '/', @"weights/a\b.safetensors")]
    public void Systems_separators_become_slashes_and_names_stay(string path, char separator, string expected)
        => SlashPath.Of(path, separator).ShouldBe(expected);

    [Fact]
    public void Path_is_relative_to_its_folder()
    {
        var folder = Path.GetTempPath();
        SlashPath.Relative(folder, Path.Combine(folder, "a", "b")).ShouldBe("a/b");
    }
}
