namespace NeuralCapacitance.Infrastructure.Postgres.Model;

/// <summary>States as the lower-case words that clients see, so that a row can be read without this code.</summary>
internal static class StateText
{
    public static string Of<T>(T state) where T : struct, Enum => state.ToString().ToLowerInvariant();

    public static T Parse<T>(string text) where T : struct, Enum => Enum.Parse<T>(text, ignoreCase: true);

    /// <summary>The check constraint that keeps every other word out of the column.</summary>
    public static string Check<T>(string column = "state") where T : struct, Enum => $"{column} IN ({string.Join(", ", Enum.GetValues<T>().Select(s => $"'{Of(s)}'"))})";
}
