using Microsoft.Playwright;

namespace NeuralCapacitance.Api.Tests.Pages;

/// <summary>Files and folders of this machine, dropped as a person's pointer would.</summary>
internal static class FileDrop
{
    public static async Task DropFilesAsync(this IPage page, ILocator at, params string[] paths)
    {
        await at.ScrollIntoViewIfNeededAsync();
        var area = await at.BoundingBoxAsync() ?? throw new InvalidOperationException("There is nowhere to drop.");
        var session = await page.Context.NewCDPSessionAsync(page);
        foreach (var type in new[] { "dragEnter", "dragOver", "drop" })
        {
            await session.SendAsync("Input.dispatchDragEvent", new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["type"] = type, ["x"] = area.X + 5, ["y"] = area.Y + 5, ["data"] = new { items = Array.Empty<object>(), files = paths, dragOperationsMask = 1 },
            });
        }
    }
}
