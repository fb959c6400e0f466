using Microsoft.Playwright;

namespace NeuralCapacitance.Api.Tests.Pages;

/// <summary>Pages of a real browser, which share nothing with those of other tests but its processes, and what goes wrong in them.</summary>
internal sealed class Browser : IAsyncDisposable
{
    /// <summary>Without these it looks for its makers' servers, many times.</summary>
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--disable-sync",
    ];

    private static readonly SemaphoreSlim Starting = new(1);
    private static IBrowser? _running;

    private readonly IBrowser _browser;
    private readonly List<IPage> _pages = [];
    private readonly List<string> _faults = [];

    private Browser(IBrowser browser) => _browser = browser;

    /// <summary>Errors of scripts, and what the console calls errors.</summary>
    public IReadOnlyList<string> Faults => _faults;

    public static async Task<Browser> StartAsync()
    {
        // The page's own deadline does not reach these.
        Assertions.SetDefaultExpectTimeout(60_000);
        return new(await RunningAsync());
    }

    public async Task<IPage> OpenAsync(Uri address)
    {
        // Each has cookies, storage and a cache of its own.
        var page = await _browser.NewPageAsync();
        _pages.Add(page);
        page.SetDefaultTimeout(60_000);
        page.PageError += (_, error) => _faults.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error") _faults.Add($"{message.Text} ({message.Location})");
        };
        await page.GotoAsync(address.ToString());
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var page in _pages) await page.Context.CloseAsync();
    }

    /// <summary>To start takes longer than most tests: one serves all of them, and another if it dies. Its driver ends it with this process.</summary>
    private static async Task<IBrowser> RunningAsync()
    {
        await Starting.WaitAsync();
        try
        {
            if (_running is { IsConnected: true } running) return running;
            var playwright = await Playwright.CreateAsync();
            return _running = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = ChromiumFactAttribute.Executable, Args = Arguments });
        }
        finally
        {
            Starting.Release();
        }
    }
}
