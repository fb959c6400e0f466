using System.Reflection;

namespace NeuralCapacitance.EndToEnd.Deployment;

/// <summary>Every setting of our own: the options classes' sections and properties, and the few that are read by name.</summary>
internal static class Settings
{
    private static readonly string[] ReadByName = ["ConnectionStrings:Postgres", "ConnectionStrings:PostgresPassword", "Logging:Format", "Secrets:Folder"];

    /// <summary>As <c>Section:Property</c>; a list's as <c>Section:Property:0</c>, and a map's as <c>Section:Property:WORD</c>.</summary>
    public static IReadOnlyList<string> All { get; } = [.. ReadByName, .. OptionsClasses().SelectMany(OfClass)];

    /// <param name="environmentVariable">As <c>Section__Property</c>.</param>
    public static bool Knows(string environmentVariable)
        => All.Contains(environmentVariable.Replace("__", ":", StringComparison.Ordinal), StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<Type> OptionsClasses()
        => new[] { "Infrastructure", "Worker", "Api" }
            .SelectMany(name => Assembly.Load($"NeuralCapacitance.{name}").GetTypes())
            .Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal) && SectionOf(type) is not null);

    private static string? SectionOf(Type type)
        => type.GetField("Section", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() as string;

    private static IEnumerable<string> OfClass(Type type)
        => from property in type.GetProperties()
           where property.CanWrite
           let isList = property.PropertyType != typeof(string) && typeof(System.Collections.IEnumerable).IsAssignableFrom(property.PropertyType)
           let isMap = property.PropertyType.IsGenericType && property.PropertyType.GetGenericTypeDefinition() == typeof(IDictionary<,>)
           select $"{SectionOf(type)}:{property.Name}{(isMap ? ":WORD" : isList ? ":0" : "")}";
}
