namespace NeuralCapacitance.Api.Tests.Pages;

/// <summary>Tests of a page, each with cookies and storage of its own.</summary>
public abstract class InBrowser : IAsyncLifetime
{
    private Browser? _browser;

    private protected Browser Browser => _browser ?? throw new InvalidOperationException("Only tests that are skipped without a browser may use one.");

    public async Task InitializeAsync()
    {
        if (ChromiumFactAttribute.IsInstalled) _browser = await Browser.StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
    }
}
