using FsCheck;
using FsCheck.Fluent;

namespace NeuralCapacitance.Domain.Tests.Jobs;

/// <summary>JSON of up to a quarter of a megabyte with as many faults as it holds: long lists, names and texts wherever a spec has a place for one.</summary>
internal static class HostileGen
{
    private static readonly string[] Items =
    [
        "1", "null", "[]", "{}", "\"x\"", "\"resnet18\"", "\"resnet-50_x.y\"", """{"backbone":"vgg16"}""", """{"backbone":"vgg16","name":"n"}""", """{"backbone":"no"}""",
        """{"a":1,"b":2}""", "\"" + new string('y', 250) + "\"", "\"\\u20ac\\\"\"", "\"🐦\"",
    ];

    private static readonly string[] Places =
    [
        "{0}", """{{"candidates":{0}}}""", """{{"dataset":{0}}}""", """{{"dataset":{{"name":"image-folder","path":"birds","classes":{0}}}}}""",
        """{{"dataset":{{"name":"synthetic"}},"candidates":{0},"training":{{"epochs":0}}}}""", """{{"probe":{{"hidden":{0}}}}}""",
        """{{"training":{0},"selection":{0}}}""", """{{"selection":{{"finalize":{0}}}}}""", """{{"name":{0}}}""",
    ];

    public static Gen<string> Documents { get; } =
        from place in Gen.Elements(Places)
        from value in Gen.OneOf(Lists, Objects, Texts)
        select string.Format(System.Globalization.CultureInfo.InvariantCulture, place, value);

    private static Gen<int> Counts => Gen.Frequency((2, Gen.Choose(0, 10)), (3, Gen.Choose(40, 260)), (2, Gen.Choose(1_000, 30_000)));

    private static Gen<string> Lists =>
        from item in Gen.Elements(Items)
        from count in Counts
        select $"[{string.Join(',', Enumerable.Repeat(item, Math.Min(count, 200_000 / item.Length)))}]";

    private static Gen<string> Objects =>
        from length in Gen.Elements(1, 20, 400)
        from count in Counts
        select $"{{{string.Join(',', Enumerable.Range(0, Math.Min(count, 200_000 / (length + 9))).Select(i => $"\"{new string('k', length)}{i}\":1"))}}}";

    private static Gen<string> Texts => Gen.Choose(0, 200_000).Select(length => $"\"{new string('t', length)}\"");
}
