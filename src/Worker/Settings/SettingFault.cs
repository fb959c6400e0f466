namespace NeuralCapacitance.Worker.Settings;

/// <param name="Key">As <c>Section:Key</c>.</param>
/// <param name="Text">What is wrong with it, and what would be accepted: a sentence.</param>
/// <param name="Standard">What stands for a value that cannot be read while the rest is looked at; null: nothing has to.</param>
internal sealed record SettingFault(string Key, string Text, string? Standard = null);

/// <summary>The settings are wrong; every fault is a sentence.</summary>
public sealed class SettingsException(IReadOnlyList<string> faults) : Exception(string.Join(' ', faults))
{
    public IReadOnlyList<string> Faults { get; } = faults;
}
