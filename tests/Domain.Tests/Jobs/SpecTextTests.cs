using System.Text;
using FsCheck;
using FsCheck.Fluent;
using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Domain.Tests.Jobs;

public sealed class SpecTextTests
{
    private const string Spec = """{ "name": "é" }""";

    [Fact]
    public void A_byte_order_mark_is_skipped()
    {
        SpecText.Decode([0xef, 0xbb, 0xbf, .. Encoding.UTF8.GetBytes(Spec)], out var text).ShouldBeNull();
        text.ShouldBe(Spec);
    }

    [Theory]
    [InlineData("utf-16", true)]
    [InlineData("utf-16", false)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-16BE", false)]
    [InlineData("utf-32", true)]
    public void Another_encoding_is_named(string name, bool hasMark)
    {
        var encoding = Encoding.GetEncoding(name);
        byte[] bytes = [.. hasMark ? encoding.GetPreamble() : [], .. encoding.GetBytes(Spec)];
        SpecText.Decode(bytes, out _).ShouldNotBeNull().ToString().ShouldStartWith($"the text is {(name is "utf-32" ? "UTF-32" : "UTF-16")}, as some editors and PowerShell save it; save it as UTF-8");
    }

    [Fact]
    public void Latin_letters_of_one_byte_are_told_with_their_place()
        => SpecText.Decode(Encoding.Latin1.GetBytes("{\n  \"name\": \"é\" }"), out _).ShouldNotBeNull().ToString()
            .ShouldBe("Line 2, column 12: byte 0xe9 is no UTF-8: the text is in Latin-1 or Windows-1252, perhaps; save it as UTF-8");

    [Fact]
    public void A_compressed_body_is_told() => SpecText.Decode([0x1f, 0x8b, 8, 0], out _).ShouldNotBeNull().What.ShouldContain("compressed by gzip");

    [Theory]
    [InlineData("", "the text is empty")]
    [InlineData(" \n", "the text is empty")]
    [InlineData("{ \"a\": [1,\n  2,\n] }", "Line 2, column 4: a comma before the closing ]; JSON has none there, so delete it")]
    [InlineData("{ \"a\": 1, }", "Line 1, column 9: a comma before the closing }; JSON has none there, so delete it")]
    [InlineData("{ // which\n \"a\": 1 }", "Line 1, column 3: a comment; JSON has none, so delete it")]
    [InlineData("{ \"a\": 1 /* one */ }", "Line 1, column 10: a comment; JSON has none, so delete it")]
    [InlineData("# mine\n{ }", "Line 1, column 1: a comment; JSON has none, so delete it")]
    [InlineData("{ 'a': 1 }", "Line 1, column 3: a text in '; JSON takes \" on both sides")]
    [InlineData("{ “a”: 1 }", "Line 1, column 3: a text in “; JSON takes \" on both sides")]
    [InlineData("{ \"a\": 'b' }", "Line 1, column 8: a text in '; JSON takes \" on both sides")]
    [InlineData("{ a: 1 }", "Line 1, column 3: the name 'a' without quotes; write \"a\"")]
    [InlineData("{ \"a\": True }", "Line 1, column 8: 'True'; JSON writes it true")]
    [InlineData("{ \"a\": None }", "Line 1, column 8: 'None'; JSON writes it null")]
    [InlineData("{ \"a\": NaN }", "Line 1, column 8: 'NaN' is no number of JSON; leave the field out, or write null")]
    [InlineData("{ \"a\": resnet8 }", "Line 1, column 8: the word 'resnet8' without quotes, or a comma is missing before it; a text stands in \"")]
    [InlineData("{ \"a\": 01 }", "Line 1, column 9: a number that begins with 0; write 1, not 01")]
    [InlineData("{ \"a\": .5 }", "Line 1, column 8: a number that begins with .; write 1 or 0.5")]
    [InlineData("{ \"a\": +5 }", "Line 1, column 8: a number that begins with +; write 1 or 0.5")]
    [InlineData("{ \"a\": 1 \"b\": 2 }", "Line 1, column 10: a comma is missing before this, or a colon")]
    [InlineData("{ \"a\" 1 }", "Line 1, column 7: a comma is missing before this, or a colon")]
    [InlineData("{ \"a\": 1,, \"b\": 2 }", "Line 1, column 10: a comma where none belongs")]
    [InlineData("{ \"a\": \"C:\\data\" }", "a backslash in a text is written twice, \\\\")]
    [InlineData("{ \"a\": \"x\ny\" }", "a line break or another control character inside a text")]
    [InlineData("{ \"a\": 1", "Line 1, column 9: the text ends here, before the JSON does")]
    [InlineData("{ \"a\": \"b", "the text ends here, before the JSON does")]
    [InlineData("{ } { }", "Line 1, column 5: something follows after the end of the JSON")]
    [InlineData("{ } x", "Line 1, column 5: something follows after the end of the JSON")]
    [InlineData("<html>", "Line 1, column 1: the text is a web page or XML, and no JSON")]
    [InlineData("name: nightly\ndataset:", "Line 1, column 1: the text begins with 'name: nightly', and no JSON begins so; an object begins with {")]
    public void What_is_no_JSON_is_told_in_words(string text, string fault) => SpecText.FaultIn(text).ShouldNotBeNull().ToString().ShouldContain(fault);

    [Fact]
    public void Depth_has_an_end() => SpecText.FaultIn(new string('[', 100) + new string(']', 100)).ShouldNotBeNull().What.ShouldBe("lists and objects are nested deeper than 64 levels");

    [Fact]
    public void JSON_has_no_fault() => SpecText.FaultIn(Spec).ShouldBeNull();

    [Fact]
    public void Damaged_specs_are_explained_without_a_word_of_the_reader_s()
    {
        string[] theirs = ["reader", "option", "mode", "BytePositionInLine", "LineNumber", "JsonToken", "invalid start", "0x"];
        var whole = """{ "dataset": { "name": "image-folder", "path": "a/b" }, "candidates": ["resnet8", { "backbone": "vgg16", "weights": null }], "training": { "epochs": 2.5e1 } }""";
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2_000), Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var text = whole.ToList();
            for (var changes = random.Next(1, 4); changes > 0 && text.Count > 0; changes--)
            {
                var at = random.Next(text.Count);
                switch (random.Next(3))
                {
                    case 0: text.RemoveAt(at); break;
                    case 1: text.Insert(at, ",:{}[]\"'/#tN\\\n0é“"[random.Next(17)]); break;
                    default: text.RemoveRange(at, random.Next(text.Count - at)); break;
                }
            }
            var damaged = string.Concat(text);
            SpecText.Decode(Encoding.UTF8.GetBytes(damaged), out var decoded).ShouldBeNull();
            if (SpecText.FaultIn(decoded) is not { } fault) return;
            var ours = damaged.Length == 0 ? fault.ToString() : fault.ToString().Replace(damaged, "", StringComparison.Ordinal);
            theirs.ShouldAllBe(word => !ours.Contains(word, StringComparison.Ordinal), $"{damaged}: {fault}");
        }));
    }
}
