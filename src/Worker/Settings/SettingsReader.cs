using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using NeuralCapacitance.Domain.Jobs;

namespace NeuralCapacitance.Worker.Settings;

/// <summary>Finds settings that no option takes, and values that are not of its type. The binder of .NET passes the first over, and stops at the first of the second.</summary>
internal static class SettingsReader
{
    /// <summary>Every fault below the sections of the options, in the order of the configuration.</summary>
    public static IEnumerable<SettingFault> FaultsIn(IConfiguration configuration, IReadOnlyList<OptionsClass> options)
        => options.GroupBy(option => option.Section, StringComparer.OrdinalIgnoreCase)
            .SelectMany(section => InObject(configuration.GetSection(section.Key), [.. section.Select(option => option.Type)], path => IsOfAnotherSection(path, options)));

    /// <summary>A section may lie in another one, <c>Auth:Jwt</c> in <c>Auth</c>.</summary>
    private static bool IsOfAnotherSection(string path, IEnumerable<OptionsClass> options)
        => options.Any(option => option.Section.Equals(path, StringComparison.OrdinalIgnoreCase) || option.Section.StartsWith($"{path}:", StringComparison.OrdinalIgnoreCase));

    /// <param name="types">Several classes may share a section.</param>
    /// <param name="isElsewhere">Whether what lies at a path is looked at by itself; null: nothing is.</param>
    private static IEnumerable<SettingFault> InObject(IConfigurationSection section, IReadOnlyList<Type> types, Func<string, bool>? isElsewhere = null)
    {
        var known = types.SelectMany(OptionsClass.PropertiesOf).DistinctBy(property => property.Key, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(property => property.Key, property => property.Value, StringComparer.OrdinalIgnoreCase);
        foreach (var child in section.GetChildren())
        {
            if (!known.TryGetValue(child.Key, out var property))
            {
                if (isElsewhere?.Invoke(child.Path) == true) continue;
                yield return new(child.Path, $"{child.Path} is no setting; {Meant(section.Path, child.Key, known.Keys)}");
                continue;
            }
            foreach (var fault in InValue(child, property.PropertyType, () => StandardOf(types, property))) yield return fault;
        }
    }

    private static IEnumerable<SettingFault> InValue(IConfigurationSection value, Type type, Func<object?> standard)
    {
        if (IsScalar(type)) return InScalar(value, type, standard);
        if (ValueOfDictionary(type) is { } ofDictionary) return value.GetChildren().SelectMany(item => InValue(item, ofDictionary, () => null));
        if (ItemOfList(type) is not { } item) return InObject(value, [type]);
        return value.Value is { Length: > 0 } single
            ? [new(value.Path, $"{value.Path} is '{single}', and has to be a list: set {value.Path}:0, {value.Path}:1, ….", "")]
            : value.GetChildren().SelectMany(child => InValue(child, item, () => null));
    }

    private static IEnumerable<SettingFault> InScalar(IConfigurationSection value, Type type, Func<object?> standard)
    {
        if (value.GetChildren().FirstOrDefault() is { } child) yield return new(child.Path, $"{child.Path} is no setting; {value.Path} is a single value.");
        if (value.Value is not { } text || CanBe(text, type)) yield break;
        yield return new(value.Path, $"{value.Path} is '{text}'; accepted is {Accepted(type)}.", Convert.ToString(standard(), CultureInfo.InvariantCulture) ?? "");
    }

    private static string Meant(string section, string typed, IEnumerable<string> known)
    {
        var names = known.Order(StringComparer.Ordinal).ToList();
        return NearestNames.To(typed, names) is [var nearest, ..]
            ? $"did you mean {section}:{nearest}?"
            : $"{section} takes {string.Join(", ", names)}.";
    }

    private static object? StandardOf(IEnumerable<Type> types, PropertyInfo property)
        => types.FirstOrDefault(type => property.DeclaringType!.IsAssignableFrom(type)) is { } type && type.GetConstructor(Type.EmptyTypes) is not null && property.CanRead
            ? property.GetValue(Activator.CreateInstance(type))
            : null;

    private static bool IsScalar(Type type) => type == typeof(string) || type == typeof(object) || TypeDescriptor.GetConverter(Nullable.GetUnderlyingType(type) ?? type).CanConvertFrom(typeof(string));

    private static bool CanBe(string text, Type type)
    {
        if (type == typeof(string) || type == typeof(object)) return true;
        var plain = Nullable.GetUnderlyingType(type);
        if (plain is not null && text.Length == 0) return true;
        try
        {
            TypeDescriptor.GetConverter(plain ?? type).ConvertFromInvariantString(text);
            return true;
        }
        catch (Exception e) when (e is FormatException or ArgumentException or OverflowException or NotSupportedException || e.InnerException is FormatException or OverflowException)
        {
            return false;
        }
    }

    private static string Accepted(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain.IsEnum) return string.Join(", ", Enum.GetNames(plain).Select(name => name.ToLowerInvariant()));
        if (plain == typeof(bool)) return "true or false";
        if (plain == typeof(TimeSpan)) return "a time, as 00:00:30 (half a minute) or 1.00:00:00 (a day)";
        if (plain == typeof(int) || plain == typeof(long)) return "a whole number";
        return plain == typeof(double) || plain == typeof(float) || plain == typeof(decimal) ? "a number" : $"a {plain.Name}";
    }

    private static Type? ValueOfDictionary(Type type) => ArgumentsOf(type, typeof(IDictionary<,>), typeof(IReadOnlyDictionary<,>)) is [_, var value] ? value : null;

    private static Type? ItemOfList(Type type) => ArgumentsOf(type, typeof(IEnumerable<>)) is [var item] ? item : null;

    private static Type[]? ArgumentsOf(Type type, params Type[] definitions)
        => type.GetInterfaces().Prepend(type).FirstOrDefault(i => i.IsGenericType && definitions.Contains(i.GetGenericTypeDefinition()))?.GetGenericArguments();
}
