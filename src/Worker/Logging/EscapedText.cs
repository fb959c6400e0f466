using Serilog.Core;
using Serilog.Events;

namespace NeuralCapacitance.Worker.Logging;

/// <summary>
/// The one place where text from outside becomes safe to log: every string of an event, whatever its depth. An exception's text is added as a property, each of
/// its lines indented, so that none of them looks like a line of the log.
/// </summary>
internal sealed class EscapedText : ILogEventEnricher
{
    /// <summary>Takes the place of <c>{Exception}</c> in a template.</summary>
    public const string ErrorProperty = "Error";

    private const string Indent = "    ";

    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        foreach (var (name, value) in logEvent.Properties.ToList())
        {
            if (Escape(value) is var escaped && !ReferenceEquals(escaped, value)) logEvent.AddOrUpdateProperty(new(name, escaped));
        }
        if (logEvent.Exception is { } exception) logEvent.AddOrUpdateProperty(new(ErrorProperty, new ScalarValue(TextOf(exception))));
    }

    private static string TextOf(Exception exception)
        => string.Concat(exception.ToString().Split('\n').Select(line => $"{Indent}{ControlCharacters.Escape(line.TrimEnd('\r'))}{Environment.NewLine}"));

    private static LogEventPropertyValue Escape(LogEventPropertyValue value)
    {
        switch (value)
        {
            case ScalarValue { Value: string text }:
                return ControlCharacters.Escape(text) is var escaped && ReferenceEquals(escaped, text) ? value : new ScalarValue(escaped);
            case SequenceValue { Elements: var elements }:
                return All(elements) is { } items ? new SequenceValue(items) : value;
            case StructureValue { Properties: var properties, TypeTag: var tag }:
                return All([.. properties.Select(property => property.Value)]) is { } fields
                    ? new StructureValue(properties.Zip(fields, (property, field) => new LogEventProperty(property.Name, field)), tag)
                    : value;
            case DictionaryValue { Elements: var entries }:
                return All([.. entries.Keys, .. entries.Values]) is { } both
                    ? new DictionaryValue(both.Take(entries.Count).Cast<ScalarValue>().Zip(both.Skip(entries.Count), KeyValuePair.Create))
                    : value;
            default:
                return value;
        }
    }

    /// <summary>Null: none of them needs it.</summary>
    private static List<LogEventPropertyValue>? All(IReadOnlyList<LogEventPropertyValue> values)
    {
        var escaped = values.Select(Escape).ToList();
        return escaped.Zip(values).All(pair => ReferenceEquals(pair.First, pair.Second)) ? null : escaped;
    }
}
