using System.Globalization;
using System.Text.Json;

namespace NeuralCapacitance.Domain.Jobs;

/// <summary>
/// One JSON object of a spec. Each reader takes a field, notes a fault when the value is not accepted, and goes on with the default,
/// so that one pass finds every fault. A field that is null counts as absent.
/// </summary>
internal sealed class SpecObject
{
    private const long ExactInJson = (1L << 53) - 1;

    /// <summary>Characters of a value that a fault shows.</summary>
    private const int LongestShown = 100;

    private readonly SpecFaults _faults;
    private readonly Dictionary<string, JsonElement> _fields = new(StringComparer.Ordinal);
    private readonly List<string> _known = [];

    /// <param name="path">Empty for the document itself.</param>
    public SpecObject(string path, JsonElement? element, SpecFaults faults)
    {
        Path = path;
        _faults = faults;
        if (element is not { } given) return;
        IsObject = given.ValueKind == JsonValueKind.Object;
        if (!IsObject)
        {
            Fault(path.Length == 0 ? "$" : path, given, $"is {KindOf(given)}", "an object");
            return;
        }
        foreach (var field in given.EnumerateObject())
        {
            if (faults.IsFull) return;
            if (!_fields.TryAdd(field.Name, field.Value))
                Fault(PathOf(field.Name), field.Value, "is given twice", "each field once");
        }
    }

    public string Path { get; }

    /// <summary>False where it is absent, or was something else (then a fault says so).</summary>
    public bool IsObject { get; }

    public bool Has(string name) => _fields.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null;

    public string PathOf(string name) => Path.Length == 0 ? name : $"{Path}.{name}";

    public JsonElement? Take(string name)
    {
        if (!_known.Contains(name, StringComparer.Ordinal)) _known.Add(name);
        return Has(name) ? _fields[name] : null;
    }

    public SpecObject Section(string name) => new(PathOf(name), Take(name), _faults);

    /// <summary>Reads one element of a list that is an object of its own.</summary>
    public T Item<T>(string path, JsonElement element, Func<SpecObject, T> read) => read(new SpecObject(path, element, _faults));

    /// <summary>The array's elements; null where the field is absent or no array.</summary>
    public SpecList? List(string name, string accepted)
    {
        if (Take(name) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.Array) return new SpecList(PathOf(name), value, _faults);
        Fault(PathOf(name), value, $"is {KindOf(value)}", accepted);
        return null;
    }

    public string? Text(string name, int maxLength, string accepted)
        => Take(name) is { } value ? TextOf(PathOf(name), value, maxLength, accepted) : null;

    public string? TextOf(string path, JsonElement value, int maxLength, string accepted)
    {
        if (value.ValueKind != JsonValueKind.String)
            return Fault<string>(path, value, $"is {KindOf(value)}", accepted);
        var text = value.GetString()!;
        if (string.IsNullOrWhiteSpace(text)) return Fault<string>(path, value, "is empty", accepted);
        if (text.Length > maxLength) return Fault<string>(path, value, $"has {text.Length} characters", accepted);
        return text;
    }

    /// <summary>One of a few lower-case words, in whatever case it is written.</summary>
    public string Word(string name, string fallback, IReadOnlyList<string> words)
    {
        if (Take(name) is not { } value) return fallback;
        var accepted = string.Join(", ", words);
        if (TextOf(PathOf(name), value, 100, accepted) is not { } text) return fallback;
        if (words.FirstOrDefault(word => string.Equals(word, text, StringComparison.OrdinalIgnoreCase)) is { } known) return known;
        Fault(PathOf(name), value, "is unknown" + Suggestion(text, words), accepted);
        return fallback;
    }

    public bool Flag(string name, bool fallback)
    {
        if (Take(name) is not { } value) return fallback;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) return value.GetBoolean();
        Fault(PathOf(name), value, $"is {KindOf(value)}", "true or false");
        return fallback;
    }

    public long? Whole(string name, long min, long max = ExactInJson, string? accepted = null)
        => Take(name) is { } value ? WholeOf(PathOf(name), value, min, max, accepted) : null;

    public int? WholeOf(string path, JsonElement value, int min, int max) => (int?)WholeOf(path, value, min, max, accepted: null);

    public double? Number(string name, Func<double, bool> accepts, string accepted)
    {
        if (Take(name) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var number) || !double.IsFinite(number))
            return FaultValue<double>(PathOf(name), value, value.ValueKind == JsonValueKind.Number ? "is too large" : $"is {KindOf(value)}", accepted);
        return accepts(number) ? number : FaultValue<double>(PathOf(name), value, "is out of range", accepted);
    }

    /// <summary>To be called when every known field has been taken.</summary>
    public void RejectUnknownFields(string of = "a job spec")
    {
        foreach (var (name, value) in _fields.Where(f => !_known.Contains(f.Key, StringComparer.Ordinal)))
        {
            if (_faults.IsFull) return;
            Fault(PathOf(name), value, $"is no field of {of}" + Suggestion(name, _known), string.Join(", ", _known));
        }
    }

    public void Fault(string path, JsonElement? value, string problem, string accepted)
        => _faults.Add(new SpecFault(path, value is { } v ? Shown(v) : null, problem, accepted));

    /// <summary>As <see cref="Fault"/>, of what the spec needs and this machine lacks.</summary>
    public void Obstacle(string path, JsonElement? value, string problem, string accepted)
        => _faults.Add(new SpecFault(path, value is { } v ? Shown(v) : null, problem, accepted) { IsObstacle = true });

    public static string Suggestion(string typed, IEnumerable<string> names)
        => NearestNames.To(typed, names) is { Count: > 0 } nearest ? $"; did you mean {string.Join(" or ", nearest)}?" : "";

    public static string KindOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };

    private static string Shown(JsonElement value) => ShortText.Of(value, LongestShown);

    private long? WholeOf(string path, JsonElement value, long min, long max, string? accepted)
    {
        accepted ??= max == ExactInJson ? $"a whole number, at least {min}" : $"a whole number from {min} to {max}";
        if (value.ValueKind != JsonValueKind.Number) return FaultValue<long>(path, value, $"is {KindOf(value)}", accepted);
        if (!value.TryGetInt64(out var number))
        {
            var real = double.Parse(value.GetRawText(), NumberStyles.Float, CultureInfo.InvariantCulture);
            if (!double.IsInteger(real)) return FaultValue<long>(path, value, "is no whole number", accepted);
            if (Math.Abs(real) > ExactInJson) return FaultValue<long>(path, value, "is out of range", accepted);
            number = (long)real;
        }
        return number >= min && number <= max ? number : FaultValue<long>(path, value, "is out of range", accepted);
    }

    private T? Fault<T>(string path, JsonElement value, string problem, string accepted)
        where T : class
    {
        Fault(path, value, problem, accepted);
        return null;
    }

    private T? FaultValue<T>(string path, JsonElement value, string problem, string accepted)
        where T : struct
    {
        Fault(path, value, problem, accepted);
        return null;
    }
}
