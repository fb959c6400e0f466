using NeuralCapacitance.Infrastructure.Tests.Archives;
using NeuralCapacitance.Worker.Tests.Training;
using NeuralCapacitance.Worker.Weights.PyTorch;
using static NeuralCapacitance.Worker.Tests.Weights.PyTorchFiles;

namespace NeuralCapacitance.Worker.Tests.Weights;

/// <summary>Zip files that no program writes, as files of torch.save.</summary>
public sealed class PyTorchArchiveTests : IDisposable
{
    private const string Storage = "archive/data/0";

    private static readonly RawEntry Pickle = new("archive/data.pkl", OneTensor(4, "K\x04", "K\x01")) { Method = 0 };

    private static readonly RawEntry Numbers = new(Storage, [.. Enumerable.Range(0, 16).Select(i => (byte)i)]) { Method = 0 };

    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 8)]
    [InlineData(true, 0)]
    [InlineData(true, 8)]
    public void Either_size_of_numbers_and_either_method_gives_the_same_bytes(bool isZip64, int method)
    {
        RawEntry[] entries = [Pickle with { Method = method }, Numbers with { Method = method }];
        using var file = PyTorchReader.Open(Write(isZip64 ? RawZip.Zip64Of(entries) : RawZip.Of(entries)));
        using var tensor = file.Dicts[0].Read("a");
        tensor.bytes.ToArray().ShouldBe(Numbers.Content);
    }

    [Fact]
    public void An_encrypted_entry_is_refused()
        => Refused("'archive/data/0' in its zip archive is encrypted; accepted is an archive without a password", Numbers with { Flags = 1 });

    [Theory]
    [InlineData(9)]
    [InlineData(93)]
    public void Another_compression_is_refused(int method) => Refused("is compressed in a way that is not supported", Numbers with { Method = method });

    [Fact]
    public void An_entry_of_two_lengths_is_refused() => Refused("is stored and yet has two lengths", Numbers with { Length = 20 });

    [Fact]
    public void Two_entries_of_one_name_are_refused() => Refused($"'{Storage}' appears twice", Numbers, Numbers);

    [Fact]
    public void Entries_that_share_their_bytes_are_refused() => Refused("overlaps another entry", Numbers with { HeaderAt = 0 });

    [Fact]
    public void An_entry_that_reaches_into_the_directory_is_refused()
        => Refused("'archive/data/0' in its zip archive overlaps another entry", bytes => bytes[bytes.AsSpan().LastIndexOf("PK\x03\x04"u8) + 28] = 1, Numbers);

    [Fact]
    public void An_entry_beyond_the_file_is_refused() => Refused("lies outside the archive", Numbers with { HeaderAt = 1 << 30 });

    [Fact]
    public void An_entry_that_is_elsewhere_is_refused() => Refused("is not where the directory says", bytes => bytes[bytes.AsSpan().LastIndexOf("PK\x03\x04"u8)] = 0, Numbers);

    [Theory]
    [InlineData(8, "is one part of several")]
    [InlineData(12, "has a directory that does not lie where it says")]
    [InlineData(16, "has a directory that does not lie where it says")]
    public void A_directory_that_does_not_fit_its_file_is_refused(int at, string reason) => Refused($"its zip archive {reason}", bytes => bytes[^(22 - at)] ^= 1, Numbers);

    [Fact]
    public void A_directory_that_says_it_has_more_entries_than_fit_is_refused_before_memory_is_taken()
    {
        var bytes = RawZip.Zip64Of(Pickle, Numbers);
        var counts = bytes.AsSpan().LastIndexOf("PK\x06\x06"u8) + 24;
        foreach (var at in new[] { counts, counts + 8 }) BitConverter.TryWriteBytes(bytes.AsSpan(at), 1L << 40).ShouldBeTrue();
        Cost(Write(bytes), "for which its directory is too short");
    }

    /// <summary>A few bytes for each, and an object, a name and a place in two tables for us.</summary>
    [Theory]
    [InlineData(30_000, null)]
    [InlineData(65_000, "far more than a file of this size can hold")]
    public void Many_small_entries_with_names_that_are_no_Unicode_take_no_more_memory_than_they_may(int count, string? reason)
    {
        var empty = Enumerable.Range(0, count).Select(i => new RawEntry("", []) { Method = 0, Flags = 0, NameBytes = [0xff, (byte)i, (byte)(i >> 8)] });
        var bytes = RawZip.Of([.. empty, Pickle, Numbers]);
        Cost(Write(bytes), reason);
    }

    public void Dispose() => folder.Dispose();

    private void Refused(string reason, params RawEntry[] storages) => Refused(reason, _ => { }, storages);

    private void Refused(string reason, Action<byte[]> damage, params RawEntry[] storages)
    {
        var bytes = RawZip.Of([Pickle, .. storages]);
        damage(bytes);
        Should.Throw<PyTorchException>(() => PyTorchReader.Open(Write(bytes))).Reason.ShouldContain(reason);
    }

    private string Write(byte[] archive)
    {
        var path = folder.File("raw.pth");
        File.WriteAllBytes(path, archive);
        return path;
    }
}
