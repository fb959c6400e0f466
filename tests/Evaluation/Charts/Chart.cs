using System.Globalization;
using System.Text;

namespace NeuralCapacitance.Evaluation.Charts;

/// <param name="Lines">Joined points; otherwise dots.</param>
public sealed record Series(string Name, IReadOnlyList<(double X, double Y)> Points, bool Lines);

/// <summary>A plain SVG chart: axes with ticks, a legend on the right. From the ninth series on the colours come again, with dashed lines and hollow dots.</summary>
public sealed record Chart(string Title, string XLabel, string YLabel, IReadOnlyList<Series> Series)
{
    private const int Width = 860;
    private const int Height = 420;
    private const int Left = 60;
    private const int Right = 560;
    private const int Top = 40;
    private const int Bottom = 370;

    // Okabe and Ito's palette, told apart by colour-blind readers too.
    private static readonly string[] Palette = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#999999", "#000000"];

    /// <summary>Draw y = x, for predicted against true.</summary>
    public bool Diagonal { get; init; }

    public string ToSvg()
    {
        (double lo, double hi) x = Range(Series.SelectMany(s => s.Points).Select(p => p.X));
        (double lo, double hi) y = Range(Series.SelectMany(s => s.Points).Select(p => p.Y));
        if (Diagonal)
        {
            x = y = (Math.Min(x.lo, y.lo), Math.Max(x.hi, y.hi));
        }

        double Px(double v) => Left + ((v - x.lo) / (x.hi - x.lo) * (Right - Left));
        double Py(double v) => Bottom - ((v - y.lo) / (y.hi - y.lo) * (Bottom - Top));

        var svg = new StringBuilder();
        svg.Append(Invariant($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"12\">\n"));
        svg.Append(Invariant($"<rect width=\"{Width}\" height=\"{Height}\" fill=\"white\"/>\n"));
        Text(svg, (Left + Right) / 2.0, 22, Title, "middle", 15);
        Text(svg, (Left + Right) / 2.0, Height - 12, XLabel, "middle");
        svg.Append(Invariant($"<text transform=\"translate(16,{(Top + Bottom) / 2}) rotate(-90)\" text-anchor=\"middle\">{Escape(YLabel)}</text>\n"));
        foreach (double tick in Ticks(x))
        {
            Line(svg, Px(tick), Top, Px(tick), Bottom, "#e5e5e5");
            Text(svg, Px(tick), Bottom + 18, tick.ToString("0.###", CultureInfo.InvariantCulture), "middle");
        }

        foreach (double tick in Ticks(y))
        {
            Line(svg, Left, Py(tick), Right, Py(tick), "#e5e5e5");
            Text(svg, Left - 8, Py(tick) + 4, tick.ToString("0.###", CultureInfo.InvariantCulture), "end");
        }

        if (Diagonal)
        {
            Line(svg, Px(x.lo), Py(x.lo), Px(x.hi), Py(x.hi), "#888888");
        }

        for (int i = 0; i < Series.Count; i++)
        {
            string colour = Palette[i % Palette.Length];
            bool again = i >= Palette.Length;
            Draw(svg, Series[i], colour, again, Px, Py);
            svg.Append(Invariant($"<circle cx=\"{Right + 20}\" cy=\"{Top + 10 + (20 * i)}\" r=\"5\" {Fill(colour, again)}/>\n"));
            Text(svg, Right + 32, Top + 14 + (20 * i), Series[i].Name, "start");
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void Draw(StringBuilder svg, Series series, string colour, bool again, Func<double, double> px, Func<double, double> py)
    {
        if (series.Lines)
        {
            string points = string.Join(' ', series.Points.Select(p => Invariant($"{px(p.X):0.#},{py(p.Y):0.#}")));
            svg.Append(Invariant($"<polyline points=\"{points}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"{(again ? " stroke-dasharray=\"5 3\"" : "")}/>\n"));
        }

        foreach ((double x, double y) in series.Points)
        {
            svg.Append(Invariant($"<circle cx=\"{px(x):0.#}\" cy=\"{py(y):0.#}\" r=\"4\" {Fill(colour, again)} fill-opacity=\"0.8\"/>\n"));
        }
    }

    private static string Fill(string colour, bool again) => again ? $"fill=\"white\" stroke=\"{colour}\"" : $"fill=\"{colour}\"";

    private static (double Lo, double Hi) Range(IEnumerable<double> values)
    {
        double[] all = [.. values];
        double lo = all.DefaultIfEmpty(0).Min();
        double hi = all.DefaultIfEmpty(1).Max();
        double pad = hi > lo ? (hi - lo) * 0.06 : 0.5;
        return (lo - pad, hi + pad);
    }

    private static IEnumerable<double> Ticks((double Lo, double Hi) range)
    {
        double raw = (range.Hi - range.Lo) / 6;
        double power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        double step = new[] { 1.0, 2.0, 5.0, 10.0 }.First(m => m * power >= raw) * power;
        for (double t = Math.Ceiling(range.Lo / step) * step; t <= range.Hi; t += step)
        {
            yield return Math.Round(t, 10) + 0.0; // no -0
        }
    }

    private static void Line(StringBuilder svg, double x1, double y1, double x2, double y2, string colour)
        => svg.Append(Invariant($"<line x1=\"{x1:0.#}\" y1=\"{y1:0.#}\" x2=\"{x2:0.#}\" y2=\"{y2:0.#}\" stroke=\"{colour}\"/>\n"));

    private static void Text(StringBuilder svg, double x, double y, string text, string anchor, int size = 12)
        => svg.Append(Invariant($"<text x=\"{x:0.#}\" y=\"{y:0.#}\" text-anchor=\"{anchor}\" font-size=\"{size}\">{Escape(text)}</text>\n"));

    private static string Escape(string text) => System.Security.SecurityElement.Escape(text) ?? "";

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
