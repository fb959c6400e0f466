using System.Net;
using Microsoft.Extensions.Options;

namespace NeuralCapacitance.Infrastructure.Webhooks;

/// <summary>To whom notifications are sent, and how. Section <c>Webhooks</c>.</summary>
public sealed class WebhookOptions
{
    public const string Section = "Webhooks";

    internal const int MostConcurrency = 64;

    /// <summary>Addresses (<c>10.1.2.3</c>), networks (<c>10.1.0.0/16</c>) and host names (<c>hooks.internal</c>) that are sent to although they are not public.</summary>
    public IList<string> Allow { get; set; } = [];

    /// <summary>For the whole of an attempt, from the name's resolution to the answer.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Attempts at the same time on one node.</summary>
    public int Concurrency { get; set; } = 4;

    /// <summary>Where clients reach the service, <c>https://ncp.example.org</c>: links in notifications begin with it. Null: they are relative.</summary>
    public string? PublicUrl { get; set; }

    /// <summary>A proxy that all is sent through, <c>http://proxy:3128</c>; that of the environment is not taken. Null: none.</summary>
    public string? Proxy { get; set; }
}

internal sealed class WebhookOptionsValidator : IValidateOptions<WebhookOptions>
{
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(1);

    public ValidateOptionsResult Validate(string? name, WebhookOptions options)
    {
        var faults = new List<string>();
        for (var i = 0; i < options.Allow.Count; i++)
        {
            if (!IsAllowable(options.Allow[i]))
                faults.Add($"{WebhookOptions.Section}:{nameof(options.Allow)}:{i} '{options.Allow[i]}' is no address; accepted is an address (10.1.2.3), a network (10.1.0.0/16) or a host name (hooks.internal).");
        }
        if (options.Timeout < Least || options.Timeout > Most) faults.Add($"{WebhookOptions.Section}:{nameof(options.Timeout)} is {options.Timeout}; accepted is {Least} … {Most}.");
        if (options.Concurrency is < 1 or > WebhookOptions.MostConcurrency)
            faults.Add($"{WebhookOptions.Section}:{nameof(options.Concurrency)} is {options.Concurrency}; accepted is 1 … {WebhookOptions.MostConcurrency}.");
        CheckUrl(nameof(options.PublicUrl), options.PublicUrl);
        CheckUrl(nameof(options.Proxy), options.Proxy);
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void CheckUrl(string property, string? value)
        {
            if (string.IsNullOrEmpty(value) || (Uri.TryCreate(value, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps))) return;
            faults.Add($"{WebhookOptions.Section}:{property} '{value}' is no URL; accepted is one that begins with http:// or https://, or nothing.");
        }
    }

    private static bool IsAllowable(string text)
        => text.Contains('/', StringComparison.Ordinal) ? IPNetwork.TryParse(text, out _) : Uri.CheckHostName(text) != UriHostNameType.Unknown;
}
