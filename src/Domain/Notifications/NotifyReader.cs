using System.Text.Json;
using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Domain.Notifications;

/// <summary>A list of receivers, or every reason why there is none.</summary>
public sealed record NotifyResult(IReadOnlyList<NotifySpec>? Notify, IReadOnlyList<SpecFault> Faults);

/// <summary>Reads <c>notify</c> of a job spec, and the list that is an owner's own. A field that is null counts as absent.</summary>
public static class NotifyReader
{
    public const int MostReceivers = 10;

    private const int LongestUrl = 2_048;

    private const string AcceptedList = "a list of at most 10 receivers, objects with `url` and `events`";
    private const string AcceptedUrl = "an absolute URL that begins with https:// or http://, without a user, a password or a fragment, at most 2048 characters";

    /// <summary>Never throws on bad input.</summary>
    /// <param name="json">An object with <c>notify</c>.</param>
    public static NotifyResult Read(string json, IReceiverPolicy? policy)
    {
        var faults = new SpecFaults();
        try
        {
            using var document = JsonDocument.Parse(json);
            if (WellFormedText.FaultIn(document.RootElement) is { } fault) return new(null, [fault]);
            var root = new SpecObject("", document.RootElement, faults);
            var notify = Read(root, policy);
            if (root.IsObject) root.RejectUnknownFields("the settings of webhooks");
            return new(faults.Count == 0 ? notify ?? [] : null, faults);
        }
        catch (JsonException)
        {
            return new(null, [new SpecFault("$", null, $"is no JSON: {SpecText.FaultIn(json)}", "a JSON object with `notify`")]);
        }
    }

    /// <returns>Null: the field is absent.</returns>
    internal static IReadOnlyList<NotifySpec>? Read(SpecObject root, IReceiverPolicy? policy)
    {
        if (root.List("notify", AcceptedList) is not { } items) return null;
        if (items.Count > MostReceivers)
        {
            root.Fault("notify", null, $"has {items.Count} receivers", AcceptedList);
            return [];
        }
        return [.. items.Items().Select(item => root.Item(item.Path, item.Element, section => ReadOne(section, policy))).OfType<NotifySpec>()];
    }

    private static NotifySpec? ReadOne(SpecObject section, IReceiverPolicy? policy)
    {
        if (!section.IsObject) return null;
        var url = ReadUrl(section, policy);
        var events = ReadEvents(section);
        section.RejectUnknownFields("a receiver");
        return url is null ? null : new() { Url = url, Events = events };
    }

    private static string? ReadUrl(SpecObject section, IReceiverPolicy? policy)
    {
        if (!section.Has("url")) section.Fault(section.PathOf("url"), null, "is missing", AcceptedUrl);
        var given = section.Take("url");
        if (section.Text("url", LongestUrl, AcceptedUrl) is not { } text) return null;
        if (WhyNoUrl(text, out var url) is { } reason)
        {
            // Without the value: it may hold a password.
            section.Fault(section.PathOf("url"), null, reason, AcceptedUrl);
            return null;
        }
        if (policy?.WhyRefused(url!) is { } refused)
        {
            section.Fault(section.PathOf("url"), given, refused, "the address of a receiver that the service may send to");
            return null;
        }
        return url!.AbsoluteUri;
    }

    private static string? WhyNoUrl(string text, out Uri? url)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out url) || url.Host.Length == 0) return "is no absolute URL";
        if (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps) return $"begins with {url.Scheme}:";
        if (url.UserInfo.Length > 0) return "holds a user or a password; the signature tells the receiver who sends";
        return url.Fragment.Length > 0 ? "holds a fragment (#…), which is never sent" : null;
    }

    /// <summary>Absent: all.</summary>
    private static IReadOnlyList<string> ReadEvents(SpecObject section)
    {
        var accepted = string.Join(", ", JobEvents.All);
        if (section.List("events", $"a list of {accepted}") is not { } items) return JobEvents.All;
        var events = new List<string>();
        // More can only be repeated ones.
        foreach (var (path, element) in items.Items().Take(JobEvents.All.Count * 2))
        {
            if (section.TextOf(path, element, 100, accepted) is not { } text) continue;
            if (JobEvents.All.FirstOrDefault(known => string.Equals(known, text, StringComparison.OrdinalIgnoreCase)) is { } known) events.Add(known);
            else section.Fault(path, element, "is no event" + SpecObject.Suggestion(text, JobEvents.All), accepted);
        }
        if (items.Count == 0 || items.Count > JobEvents.All.Count * 2) section.Fault(section.PathOf("events"), null, $"has {items.Count} events", $"a list of {accepted}; without it all of them");
        return [.. events.Distinct(StringComparer.Ordinal)];
    }
}
