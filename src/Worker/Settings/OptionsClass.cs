using System.Reflection;

namespace NeuralCapacitance.Worker.Settings;

/// <summary>A class that a section of the configuration is bound to: its name ends in <c>Options</c>, and its constant <c>Section</c> names the section.</summary>
internal sealed record OptionsClass(string Section, Type Type)
{
    public static IReadOnlyList<OptionsClass> In(IEnumerable<Assembly> assemblies) =>
    [
        .. from assembly in assemblies.Distinct()
           from type in assembly.GetTypes()
           where type.Name.EndsWith("Options", StringComparison.Ordinal)
           let section = type.GetField("Section", BindingFlags.Public | BindingFlags.Static)
           where section is { IsLiteral: true } && section.FieldType == typeof(string)
           select new OptionsClass((string)section.GetRawConstantValue()!, type),
    ];

    /// <summary>What can be set, by name.</summary>
    public static IReadOnlyDictionary<string, PropertyInfo> PropertiesOf(Type type)
        => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite && property.SetMethod!.IsPublic || IsFilled(property))
            .ToDictionary(property => property.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>A list or dictionary that is there already is added to.</summary>
    private static bool IsFilled(PropertyInfo property)
        => !property.CanWrite && property.PropertyType.IsGenericType && typeof(System.Collections.IEnumerable).IsAssignableFrom(property.PropertyType)
            && !property.PropertyType.Name.StartsWith("IReadOnly", StringComparison.Ordinal) && !property.PropertyType.Name.StartsWith("IEnumerable", StringComparison.Ordinal);
}
