using NeuralCapacitance.Infrastructure.Archives;
using NeuralCapacitance.Infrastructure.Tests.Archives;
using NeuralCapacitance.Infrastructure.Uploads;

namespace NeuralCapacitance.Infrastructure.Tests.Uploads;

public sealed class DamagedArchiveTests
{
    /// <summary>Bytes that mean something to a reader of zip files are likelier than others.</summary>
    private static readonly byte[] Telling = [0, 1, 8, 0x2E, 0x2F, 0x5C, 0x7F, 0x80, 0xFF];

    private static readonly string[] Forbidden = ["", ".", ".."];

    private static readonly UploadOptions Limits = new() { MaxBytes = 1 << 20, MaxExpandedBytes = 1 << 20, MaxFiles = 50 };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Any_damage_is_either_harmless_or_refused(bool isZip64)
    {
        RawEntry[] entries = [.. UploadBench.Pets, new RawEntry("cat/3.jpg", [.. UploadBench.Jpeg, .. new byte[500]]), UploadBench.Image("dog/2.png") with { Method = 0 }];
        var whole = isZip64 ? RawZip.Zip64Of(entries) : RawZip.Of(entries);
        var random = new Random(7);
        var buffer = new byte[64];
        var refused = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = Damage(whole, random);
            try
            {
                using var archive = new MemoryStream(bytes);
                var zip = UploadPlan.OpenArchive(archive, Limits);
                var plan = UploadPlan.Of(zip.Items, bytes.Length, Limits);
                plan.Files.ShouldAllBe(file => !file.Path.Contains('\\') && !file.Path.Split('/').Intersect(Forbidden).Any());
                foreach (var file in plan.Files) zip.Read(file.Item, buffer).Sum(length => (long)length).ShouldBe(file.Item.Length);
            }
            catch (ArchiveException e)
            {
                e.Faults.ShouldAllBe(fault => fault.Problem.Length > 0 && fault.Accepted.Length > 0);
                refused++;
            }
        }
        refused.ShouldBeInRange(10_000, 19_999);
    }

    private static byte[] Damage(byte[] whole, Random random)
    {
        var bytes = whole.ToArray();
        for (var n = random.Next(1, 5); n > 0; n--)
        {
            // Half of it in the directory and the record at the end, where it hurts.
            var at = random.Next(random.Next(2) == 0 ? 0 : bytes.Length / 2, bytes.Length);
            bytes[at] = random.Next(2) == 0 ? (byte)random.Next(256) : Telling[random.Next(Telling.Length)];
        }
        return random.Next(8) switch
        {
            0 => bytes[..random.Next(bytes.Length)],
            1 => [.. bytes[..random.Next(bytes.Length)], .. bytes[random.Next(bytes.Length)..]],
            _ => bytes,
        };
    }
}
