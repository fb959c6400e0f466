using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace NeuralCapacitance.Api.Tests.Pages;

/// <summary>What every view of the page is to be.</summary>
internal static class ViewAssertions
{
    private const int Wide = 1280;

    /// <summary>Of what it found in order, axe describes one example each.</summary>
    private static readonly AxeRunOptions Violations = new() { ResultTypes = [ResultType.Violations] };

    /// <summary>axe finds nothing that it calls serious or critical.</summary>
    public static async Task ShouldBeAccessibleAsync(this IPage page)
    {
        var found = await page.RunAxe(Violations);
        found.Violations.Where(violation => violation.Impact is "serious" or "critical")
            .SelectMany(violation => violation.Nodes.Select(node => $"{violation.Id}: {violation.Help} {node.Html}")).ShouldBeEmpty();
    }

    /// <summary>By a screen reader and by anybody, on a desk and on a telephone, in each of the colour schemes.</summary>
    public static async Task ShouldBeReadableAsync(this IPage page, params ColorScheme[] schemes)
    {
        foreach (var scheme in schemes)
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            foreach (var width in new[] { 360, Wide })
            {
                await page.SetViewportSizeAsync(width, 800);
                await page.ShouldBeAccessibleAsync();
                await page.ShouldFitAsync(width);
            }
        }
    }

    /// <summary>The page cannot be moved sideways.</summary>
    public static async Task ShouldFitAsync(this IPage page, int width)
        => (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(width);
}
