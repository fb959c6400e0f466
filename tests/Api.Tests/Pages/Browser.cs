using Microsoft.Playwright;

namespace NeuralCapacitance.Api.Tests.Pages;

/// <summary>A real browser, and what goes wrong in its pages.</summary>
internal sealed class Browser : IAsyncDisposable
{
    /// <summary>Without these it looks for its makers' servers, many times.</summary>
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--disable-sync",
    ];

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;
    private readonly List<string> _faults = [];

    private Browser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    /// <summary>Errors of scripts, and what the console calls errors.</summary>
    public IReadOnlyList<string> Faults => _faults;

    public static async Task<Browser> StartAsync()
    {
        // The page's own deadline does not reach these.
        Assertions.SetDefaultExpectTimeout(60_000);
        var playwright = await Playwright.CreateAsync();
        return new(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = ChromiumFactAttribute.Executable, Args = Arguments }));
    }

    public async Task<IPage> OpenAsync(Uri address)
    {
        var page = await _browser.NewPageAsync();
        page.SetDefaultTimeout(60_000);
        page.PageError += (_, error) => _faults.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error") _faults.Add(message.Text);
        };
        await page.GotoAsync(address.ToString());
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
