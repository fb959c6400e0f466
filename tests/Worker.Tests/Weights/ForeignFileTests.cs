using System.Text;
using NeuralCapacitance.Worker.Tests.Training;
using NeuralCapacitance.Worker.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Tests.Weights;

/// <summary>What people take for a file of weights is named, with the way to one.</summary>
public sealed class ForeignFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Saved => folder.File("weights.pth");

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("\n\n", "nothing but white space")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 102400\n", "it is a Git LFS pointer, not the file itself, which has 102400 bytes; run: git lfs pull")]
    [InlineData("<!DOCTYPE html><html><head>", "it is a web page")]
    [InlineData("\ufeff \n<HTML lang=en>", "it is a web page")]
    [InlineData("<?xml version='1.0'?><Error><Code>AccessDenied</Code>", "it is an XML text, such as a server answers with")]
    [InlineData("Entry not found", "it is a text that begins with 'Entry not found'")]
    [InlineData("{\"error\":\"Repository not found\"}", "it is a text that begins with '{\"error\":\"Repository not found\"}'")]
    [InlineData("{\n \"metadata\": {\"total_size\": 9}, \"weight_map\": {\"a\": \"model-00001-of-00002.safetensors\"}}", "it is the index of weights that lie in several files")]
    public void A_text_is_told_by_what_it_says(string text, string reason) => Refused(Encoding.UTF8.GetBytes(text), reason);

    [Theory]
    [InlineData("GIF89a", "it is a GIF image")]
    [InlineData("\u00ff\u00d8\u00ff\u00e0", "it is a JPEG image")]
    [InlineData("\u0089PNG\r\n\u001a\n", "it is a PNG image")]
    [InlineData("\u001f\u008b\u0008\0", "compressed by gzip; unpack it first: gunzip")]
    [InlineData("7z\u00bc\u00af\u0027\u001c", "a 7z archive")]
    [InlineData("Rar!\u001a\u0007", "a RAR archive")]
    [InlineData("\u0093NUMPY\u0001\0v\0", "an array of NumPy")]
    [InlineData("\u001c\0\0\0TFL3\0\0\0\0", "a TensorFlow Lite model")]
    [InlineData("GGUF\u0003\0\0\0", "a GGUF model")]
    [InlineData("%PDF-1.7\n", "a PDF document")]
    [InlineData("\u0080\u0004\u0095\u0010\0\0\0\0\0\0\0}\u0094.", "it is a pickle that torch.save did not write; save only the weights")]
    [InlineData("\0\0\0\0\0\0\0\0\0\0", "its first 10 bytes are zeros")]
    public void A_format_is_told_by_its_first_bytes(string latin, string reason) => Refused(Encoding.Latin1.GetBytes(latin), reason);

    [Fact]
    public void A_tar_archive_s_error_says_how_to_convert_it()
    {
        var head = new byte[512];
        head[0] = 1;
        "ustar"u8.CopyTo(head.AsSpan(257));
        Refused(head, "before version 0.1.10; save it anew, with Python: import torch; torch.save(torch.load('in.pth', map_location='cpu'), 'out.pth')");
    }

    [Fact]
    public void TorchSharp_s_own_format_is_told()
    {
        using var network = nn.Sequential(("first", nn.Linear(3, 4)), ("norm", nn.BatchNorm1d(4)));
        network.save(Saved);
        Refused(File.ReadAllBytes(Saved), "it is TorchSharp's own format, of Module.save");
    }

    [Fact]
    public void Zip_archives_of_other_things_are_told()
    {
        using (var archive = new System.IO.Compression.ZipArchive(File.Create(Saved), System.IO.Compression.ZipArchiveMode.Create))
        {
            archive.CreateEntry("a.npy");
        }
        Refused(File.ReadAllBytes(Saved), "it holds arrays of NumPy (.npz)");
    }

    [Theory]
    [InlineData("zip.pth", @"the file ends after \d+ bytes, before its own end: it was cut off")]
    [InlineData("legacy.pth", @"the file ends after (\d+) of (\d+) bytes: it was cut off")]
    [InlineData("2017.pth", @"the file ends after (\d+) of (\d+) bytes: it was cut off")]
    [InlineData("keras.h5", @"the file ends after (\d+) of (\d+) bytes: it was cut off")]
    [InlineData("safetensors", @"the file ends after (\d+) of (\d+) bytes: it was cut off")]
    public void A_download_that_broke_off_is_told_with_how_much_is_missing(string name, string reason)
    {
        var whole = File.ReadAllBytes(name is "safetensors" ? SafetensorsTests.Reference : PyTorchFiles.PathOf(name));
        File.WriteAllBytes(Saved, whole[..^9]);

        var message = Should.Throw<WeightsException>(() => WeightsFile.Open(Saved)).Message;

        message.ShouldMatch(reason);
        message.ShouldContain($"after {whole.Length - 9} ");
        if (reason.Contains(" of ", StringComparison.Ordinal))
        {
            message.ShouldContain($" of {whole.Length} bytes");
        }
    }

    public void Dispose() => folder.Dispose();

    private void Refused(byte[] content, string reason)
    {
        File.WriteAllBytes(Saved, content);
        var message = Should.Throw<WeightsException>(() => WeightsFile.Open(Saved)).Message;
        message.ShouldContain(Saved);
        message.ShouldContain(reason);
        message.ShouldNotContain("..");
    }
}
