using ScottPlot;
using SkiaSharp;

namespace NeuralCapacitance.Api.Reports.Plots;

/// <summary>The font that plots are labelled in. It is carried along: a bare machine has none, and one's plots should look like the other's.</summary>
internal sealed class PlotFont : IFontResolver
{
    public const string Family = "DejaVu Sans";

    private const char Missing = '\uFFFD';

    private static readonly Lazy<SKTypeface> Loaded = new(Load);
    private static readonly Lazy<SKFont> Glyphs = new(() => new SKFont(Typeface));

    private PlotFont()
    {
    }

    public static SKTypeface Typeface => Loaded.Value;

    /// <summary>What the font has no sign for is a replacement character, of which it has one. In one line.</summary>
    public static string Printable(string text) => string.Concat(text.EnumerateRunes().Select(rune =>
        System.Text.Rune.IsControl(rune) ? " " : Glyphs.Value.ContainsGlyph(rune.Value) ? rune.ToString() : Missing.ToString()));

    public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) => Of(fontName);

    public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) => Of(fontName);

    private static SKTypeface? Of(string name) => string.Equals(name, Family, StringComparison.Ordinal) ? Typeface : null;

    /// <summary>ScottPlot asks its list of resolvers, which all plots of the process share.</summary>
    private static SKTypeface Load()
    {
        using var file = typeof(PlotFont).Assembly.GetManifestResourceStream("DejaVuSans.ttf")!;
        var typeface = SKTypeface.FromStream(file) ?? throw new InvalidOperationException("The font of the plots cannot be read.");
        Fonts.FontResolvers.Insert(0, new PlotFont());
        return typeface;
    }
}
