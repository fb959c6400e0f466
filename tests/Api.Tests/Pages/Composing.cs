using Microsoft.Playwright;

namespace NeuralCapacitance.Api.Tests.Pages;

internal static class Composing
{
    /// <summary>In the view of a new job. What still comes in beside the text moves the button away from under the pointer: so that is waited for.</summary>
    public static async Task SubmitSpecAsync(this IPage page, string spec)
    {
        var text = page.GetByLabel("Job spec (JSON)");
        await Assertions.Expect(text).Not.ToHaveValueAsync("");
        await page.Locator(".composer .family").First.WaitForAsync();
        await text.FillAsync(spec);
        await page.GetByRole(AriaRole.Button, new() { Name = "Submit job" }).ClickAsync();
    }
}
