namespace NeuralCapacitance.Api.Json;

/// <summary>JSON has no NaN and no ∞. A number that is one becomes null here, and the reason is kept under the field's name.</summary>
internal sealed class FiniteNumbers
{
    private readonly Dictionary<string, string> _reasons = new(StringComparer.Ordinal);

    /// <summary>Null while every number was finite.</summary>
    public IReadOnlyDictionary<string, string>? Reasons => _reasons.Count == 0 ? null : _reasons;

    /// <param name="field">As on the wire.</param>
    public double? Keep(string field, double? value)
    {
        if (value is not { } number || double.IsFinite(number))
        {
            return value;
        }

        _reasons[field] = double.IsNaN(number) ? "not a number" : number > 0 ? "too large: +∞" : "too large: −∞";
        return null;
    }
}
