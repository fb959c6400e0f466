using System.Text.Json;
using NeuralCapacitance.Worker.Datasets;

namespace NeuralCapacitance.Worker.Tests.Datasets;

public sealed class EpochOrderTests
{
    private static readonly JsonSerializerOptions Web = JsonSerializerOptions.Web;

    /// <summary>The sequence for seed 1234567 of the authors' reference implementation.</summary>
    [Fact]
    public void The_generator_gives_the_published_sequence()
    {
        var random = new SplitMix64(1234567);
        ulong[] numbers = [random.Next(), random.Next(), random.Next(), random.Next(), random.Next()];
        numbers.ShouldBe([6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821]);
    }

    [Fact]
    public void Orders_equal_those_of_another_implementation()
    {
        var cases = JsonSerializer.Deserialize<Case[]>(File.ReadAllText(Path.Combine(ImageFolderFixture.Goldens, "orders.json")), Web)!;
        cases.ShouldNotBeEmpty();
        foreach (var (seed, epoch, count, order) in cases) EpochOrder.Shuffle([.. Enumerable.Range(0, count)], seed, epoch).ShouldBe(order);
    }

    [Fact]
    public void Every_index_is_visited_once_and_the_input_stays_as_it_is()
    {
        int[] indices = [.. Enumerable.Range(0, 500).Select(i => 3 * i)];
        var before = indices.ToArray();
        EpochOrder.Shuffle(indices, 4, 2).Order().ShouldBe(before);
        indices.ShouldBe(before);
    }

    /// <summary>Each of 5 items comes first in a fifth of 5 000 epochs: 1 000 ± 4 standard deviations of 28.3.</summary>
    [Fact]
    public void No_position_is_preferred()
    {
        var firsts = Enumerable.Range(0, 5_000).CountBy(epoch => EpochOrder.Shuffle([0, 1, 2, 3, 4], 1, epoch)[0]).ToDictionary();
        firsts.Values.ShouldAllBe(n => n > 886 && n < 1_114);
    }

    private sealed record Case(long Seed, int Epoch, int Count, int[] Order);
}
