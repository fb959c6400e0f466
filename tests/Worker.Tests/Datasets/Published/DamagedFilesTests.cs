using System.IO.Compression;
using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Worker.Datasets.Published;

namespace NeuralCapacitance.Worker.Tests.Datasets.Published;

public sealed class DamagedFilesTests
{
    private const string Cifar = "cifar-10-batches-bin/data_batch_5.bin";
    private const string Svhn = "svhn/train_32x32.mat";
    private const string PlainSvhn = "svhn/test_32x32.mat";
    private const string Idx = "fashion-mnist/train-images-idx3-ubyte.gz";
    private const string Labels = "fashion-mnist/train-labels-idx1-ubyte";

    private static readonly Dictionary<string, Action<byte[]>> Readers = new(StringComparer.Ordinal)
    {
        [Cifar] = bytes => CifarBatch.Read(bytes, "f", 10),
        ["cifar-100-binary/test.bin"] = bytes => CifarBatch.Read(bytes, "f", 20, 100),
        ["cifar-10-batches-bin/batches.meta.txt"] = bytes => CifarBatch.ReadNames(bytes, "f", 10),
        [Svhn] = bytes => ReadSvhn(bytes),
        [PlainSvhn] = bytes => ReadSvhn(bytes),
        ["big-endian.mat"] = bytes => ReadSvhn(bytes),
        [Idx] = bytes => IdxFile.Read(bytes, "f", 3),
        [Labels] = bytes => IdxFile.Read(bytes, "f", 1),
        ["cifar-100-binary.tar.gz"] = bytes => TarGz.Read(new MemoryStream(bytes), "f", ["train.bin", "test.bin"], 1 << 30, default),
    };

    public static TheoryData<string> Files => [.. Readers.Keys];

    [Theory]
    [MemberData(nameof(Files))]
    public void Intact_files_are_read(string file) => Should.NotThrow(() => Readers[file](PublishedFixture.Golden(file)));

    /// <summary>Bytes flipped, runs overwritten, pieces cut out or doubled: a file is read, or refused by name; nothing else happens.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public void Whatever_a_file_holds_it_is_read_or_refused(string file)
    {
        const int mutations = 2_500;
        var golden = PublishedFixture.Golden(file);
        var random = new Random(file.Length);
        var refused = 0;
        for (var i = 0; i < mutations; i++)
        {
            var bytes = Mutate(golden, random);
            try
            {
                Readers[file](bytes);
            }
            catch (DatasetException e)
            {
                e.Message.ShouldStartWith("'f' ");
                refused++;
            }
        }
        refused.ShouldBeGreaterThan(mutations / 20);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_cut_short_is_refused_wherever_it_is_cut(string file)
    {
        var golden = PublishedFixture.Golden(file);
        for (var i = 0; i < 100; i++)
        {
            var length = (int)((long)golden.Length * i / 100);
            // Whole records of CIFAR are a whole file; and of a name nobody can tell that it was longer.
            if (length > 0 && ((file == Cifar && length % 3073 == 0) || (file.StartsWith("cifar-100-binary/", StringComparison.Ordinal) && length % 3074 == 0))) continue;
            if (file.EndsWith(".txt", StringComparison.Ordinal) && length > golden.Length - 8) continue;
            Should.Throw<DatasetException>(() => Readers[file](golden[..length]), $"{length} of {golden.Length} bytes");
        }
    }

    [Fact]
    public void A_truncated_batch_says_how_long_it_is()
        => Fault(Cifar, bytes => bytes[..^1]).ShouldBe(
            "'f' has 6,145 bytes, which is no whole number of records of 3,073: it is truncated, or not in the binary layout. Get the file again, or remove it.");

    [Fact]
    public void A_label_out_of_range_is_named_with_its_image()
    {
        Fault(Cifar, bytes => Set(bytes, 3073, 10)).ShouldContain("has 10 as label 1 of image 1; accepted is 0 … 9");
        Fault("cifar-100-binary/test.bin", bytes => Set(bytes, 3075, 100)).ShouldContain("has 100 as label 2 of image 1; accepted is 0 … 99");
        Fault("cifar-100-binary/test.bin", bytes => Set(bytes, 0, 20)).ShouldContain("has 20 as label 1 of image 0; accepted is 0 … 19");
        Fault("big-endian.mat", bytes => Set(bytes, YOfBigEndian(bytes), 0x40, 0x26)).ShouldContain("has 11 as label of image 0");
        Fault("big-endian.mat", bytes => Set(bytes, YOfBigEndian(bytes), 0x7f, 0xf8)).ShouldContain("has NaN as label of image 0");
    }

    [Fact]
    public void Missing_names_are_counted()
        => Fault("cifar-10-batches-bin/batches.meta.txt", _ => "a\nb\n"u8.ToArray()).ShouldContain("holds 2 different class names; expected are 10");

    [Theory]
    [InlineData(0, 1, "is no IDX file")]
    [InlineData(2, 9, "holds values of type 9 in 1 dimensions; expected is type 8 (unsigned byte) in 1")]
    [InlineData(3, 3, "in 3 dimensions")]
    [InlineData(7, 6, "says that it holds 6 values, and holds 5")]
    [InlineData(4, 255, "says that dimension 1 has -16777211 entries")]
    public void Wrong_magic_types_and_counts_of_IDX_are_told(int at, byte value, string message) => Fault(Labels, bytes => Set(bytes, at, value)).ShouldContain(message);

    [Fact]
    public void Gzip_that_holds_less_or_more_than_it_should_is_told()
    {
        Fault(Idx, bytes => bytes[..(bytes.Length / 2)]).ShouldStartWith("'f' ");
        Fault(Idx, bytes => Set(bytes, bytes.Length - 6, (byte)(bytes[^6] ^ 1))).ShouldContain("is no intact gzip file");
        Fault(Idx, _ => Gzip([0, 0, 8, 3, 0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 1, 7])).ShouldContain("and holds 1: it is truncated");
    }

    [Fact]
    public void A_MAT_file_of_version_7_3_says_how_to_save_it()
        => Should.Throw<DatasetException>(() => ReadSvhn(PublishedFixture.Golden("version73.mat"))).Message.ShouldContain("was saved as version 7.3, which is HDF5; save it with -v7");

    [Theory]
    [InlineData(PlainSvhn, 124, 2, "no MAT-file of level 5")]
    [InlineData(PlainSvhn, 126, 'X', "no MAT-file of level 5")]
    [InlineData(PlainSvhn, 128, 1, "has an element of type 1 at byte 128 where a matrix is expected")]
    [InlineData(PlainSvhn, 135, 0x70, "more than there can be")]
    [InlineData(Svhn, 135, 0x70, "more than there can be")]
    [InlineData(Svhn, 140, 0xff, "is damaged")]
    public void Damage_to_a_MAT_file_is_told(string file, int at, int value, string message) => Fault(file, bytes => Set(bytes, at, (byte)value)).ShouldContain(message);

    [Fact]
    public void Other_shapes_and_missing_variables_are_told()
    {
        var big = PublishedFixture.Golden("big-endian.mat");
        var x = IndexOfName(big, 'X');
        Fault("big-endian.mat", bytes => Set(bytes, x + 4, (byte)'Z')).ShouldContain("has no variable 'X'; it has note, Z, y");
        Fault("big-endian.mat", bytes => Set(bytes, x - 16 + 3, 16, 0, 0, 0, 64)).ShouldContain("holds 16 × 64 × 3 × 4 values of type UInt8 as X");
        Fault("big-endian.mat", bytes => Set(bytes, YOfBigEndian(bytes) - 24 + 3, 8)).ShouldContain("has 32 bytes of data for 8 values of 8 bytes");
        Fault("big-endian.mat", bytes => Set(bytes, x - 32 + 2, 8)).ShouldContain("has no array of real numbers as 'X'");
    }

    [Fact]
    public void A_compressed_element_that_says_it_is_vast_takes_no_memory()
    {
        // A matrix of 32 × 32 × 3 × 300 000 in a few compressed bytes.
        var matrix = new List<byte>();
        void Int32s(params int[] values) => values.ToList().ForEach(v => matrix.AddRange(BitConverter.GetBytes(v)));
        Int32s(14, 921_600_064, 6, 8, 9, 0, 5, 16, 32, 32, 3, 300_000);
        matrix.AddRange([1, 0, 1, 0, (byte)'X', 0, 0, 0]);
        Int32s(2, 921_600_000);
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true)) zlib.Write([.. matrix]);
        byte[] file = [.. PublishedFixture.Golden(Svhn)[..128], 15, 0, 0, 0, .. BitConverter.GetBytes((int)packed.Length), .. packed.ToArray()];

        var before = GC.GetAllocatedBytesForCurrentThread();
        Should.Throw<DatasetException>(() => ReadSvhn(file)).Message.ShouldContain("with 921,600,064 bytes, more than there can be");
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(10 << 20);
    }

    [Fact]
    public void An_archive_without_a_file_or_that_is_none_is_told()
    {
        using var root = new PublishedFixture();
        root.Put("cifar-100-binary.tar.gz", "cifar10/cifar-10-binary.tar.gz");
        Should.Throw<DatasetException>(() => root.Catalogue.Inspect(new Domain.Jobs.DatasetSpec { Name = "cifar10" }))
            .Message.ShouldContain("'cifar-10-binary.tar.gz' holds no file 'data_batch_1.bin'");
        Fault("cifar-100-binary.tar.gz", _ => "<html>Not found</html>"u8.ToArray()).ShouldContain("is no intact .tar.gz archive");
    }

    [Fact]
    public void Labels_that_do_not_go_with_the_images_are_told()
    {
        using var root = new PublishedFixture();
        root.Put("fashion-mnist", "fashion-mnist");
        root.Write("fashion-mnist/t10k-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, 2, 1, 1]);
        Message().ShouldContain("'t10k-labels-idx1-ubyte' holds 2 labels for the 3 images of 't10k-images-idx3-ubyte.gz'");
        root.Write("fashion-mnist/t10k-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, 3, 1, 10, 1]);
        Message().ShouldContain("has 10 as label of image 1; accepted is 0 … 9");
        root.Write("fashion-mnist/t10k-images-idx3-ubyte.gz", Gzip([0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6]));
        Message().ShouldContain("holds images of 1 × 2 pixels; expected are 28 × 28");

        string Message() => Should.Throw<DatasetException>(() => root.Catalogue.Inspect(new Domain.Jobs.DatasetSpec { Name = "fashion-mnist" })).Message;
    }

    private static void ReadSvhn(byte[] bytes) => SvhnMat.Read(new MemoryStream(bytes), "f", default);

    private static string Fault(string file, Func<byte[], byte[]> damage)
        => Should.Throw<DatasetException>(() => Readers[file](damage(PublishedFixture.Golden(file)))).Message;

    private static byte[] Set(byte[] bytes, int at, params byte[] values)
    {
        values.CopyTo(bytes, at);
        return bytes;
    }

    /// <summary>Where its first value, an 8-byte 1.0, begins.</summary>
    private static int YOfBigEndian(byte[] bytes) => IndexOfName(bytes, 'y') + 16;

    private static int IndexOfName(byte[] bytes, char name) => bytes.AsSpan().IndexOf(new byte[] { 0, 1, 0, 1, (byte)name, 0, 0, 0 });

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(bytes);
        return packed.ToArray();
    }

    /// <summary>Half of the changes are in the first bytes, where the headers are.</summary>
    private static byte[] Mutate(byte[] golden, Random random)
    {
        var bytes = golden.ToList();
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var at = random.Next(random.Next(2) == 0 ? Math.Min(256, bytes.Count) : bytes.Count);
            var length = Math.Min(random.Next(1, 16), bytes.Count - at);
            switch (random.Next(6))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: for (var i = 0; i < length; i++) bytes[at + i] = (byte)random.Next(256); break;
                case 2: for (var i = 0; i < length; i++) bytes[at + i] = random.Next(2) == 0 ? (byte)0xff : (byte)0; break;
                case 3: bytes.RemoveRange(at, length); break;
                case 4: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
                default: bytes.RemoveRange(at, bytes.Count - at); break;
            }
            if (bytes.Count == 0) return [];
        }
        return [.. bytes];
    }
}
