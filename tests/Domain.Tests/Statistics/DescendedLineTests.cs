using NeuralCapacitance.Domain.Statistics;

namespace NeuralCapacitance.Domain.Tests.Statistics;

/// <summary>Figures of fifty explicit gradient steps in Python, as the method's published code takes them.</summary>
public sealed class DescendedLineTests
{
    private static readonly double[] Past = [.50, .60, .66, .70];
    private static readonly double[] Current = [.45, .56, .63, .68];

    [Theory]
    [InlineData(1, 0, 0.9926127741787595, -0.01276186267912332, 0.010613804766650116)]
    [InlineData(.3, .2, 0.3514825169123937, 0.26993120372810714, 0.05567843003605321)]
    public void Fifty_steps_lead_where_they_should(double a0, double b0, double a, double b, double loss)
    {
        var line = new DescendedLine(Past, Current);

        var (foundA, foundB) = line.From(a0, b0);

        foundA.ShouldBe(a, 1e-12);
        foundB.ShouldBe(b, 1e-12);
        line.Loss(foundA, foundB).ShouldBe(loss, 1e-12);
    }

    [Fact]
    public void Recent_epochs_can_count_more()
    {
        var (a, b) = new DescendedLine(Past, Current, recency: true).From(1, 0);

        a.ShouldBe(.9908206759972057, 1e-12);
        b.ShouldBe(-.015434990958759078, 1e-12);
    }

    [Fact]
    public void Where_least_squares_leads_no_residual_pulls()
    {
        // The pull of a towards 1 dies with e^−n: with fifty points nothing is left of it, and the optimum stays where it is.
        double[] past = [.. Enumerable.Range(1, 50).Select(i => i / 50.0)];
        var line = new DescendedLine(past, [.. past.Select(p => (0.5 * p) + 0.2)]);

        var (a, b) = line.From(0.5, 0.2);

        a.ShouldBe(0.5, 1e-12);
        b.ShouldBe(0.2, 1e-12);
        line.Loss(a, b).ShouldBe(0, 1e-12);
    }
}
