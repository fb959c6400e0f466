using NeuralCapacitance.Api.Reports.Plots;
using ScottPlot;

namespace NeuralCapacitance.Api.Tests.Reports;

public sealed class PlotFontTests
{
    [Fact]
    public void Plots_are_labelled_in_the_font_that_is_carried_along()
    {
        PlotFont.Typeface.FamilyName.ShouldBe(PlotFont.Family);
        Fonts.GetTypeface(PlotFont.Family, FontWeight.Normal, FontSlant.Upright, FontSpacing.Normal).ShouldBeSameAs(PlotFont.Typeface, "no font of the machine");
    }

    [Theory]
    [InlineData("β_eff – 5 % ü Ж", "β_eff – 5 % ü Ж")]
    [InlineData("漢字", "\uFFFD\uFFFD")]
    [InlineData("two\nlines", "two lines")]
    public void What_it_has_no_sign_for_is_shown_as_that(string text, string printed) => PlotFont.Printable(text).ShouldBe(printed);

    [Fact]
    public void Twenty_candidates_have_twenty_looks()
        => Enumerable.Range(0, 30).Select(i => (PlotPaper.ColourOf(i), PlotPaper.PatternOf(i))).ShouldBeUnique();

    [Fact]
    public void Long_names_are_shortened() => PlotPaper.Named(new string('a', 200)).Length.ShouldBe(30);
}
