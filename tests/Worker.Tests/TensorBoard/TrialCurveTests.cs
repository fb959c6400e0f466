using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Worker.TensorBoard;
using NeuralCapacitance.Worker.Tests.Datasets;
using NeuralCapacitance.Worker.Tests.Training;

namespace NeuralCapacitance.Worker.Tests.TensorBoard;

public sealed class TrialCurveTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 5, 1, 12, 0, 0, 250, TimeSpan.Zero);

    private readonly TemporaryFolder folder = new();
    private readonly ToldLog log = new();

    private string Run => folder.File(Path.Combine("job", "candidate#0"));

    [Fact]
    public void Every_figure_of_every_epoch_is_there_at_its_step_and_time()
    {
        var curve = Curve(attempt: 1);
        curve.Begin([]);
        foreach (var epoch in Epochs(0, 2)) curve.Add(epoch);

        var events = EventFile.OfRun(Run);
        events[0].FileVersion.ShouldBe("brain.Event:2");
        events.Skip(2).Select(e => e.WallTime).ShouldBe(Epochs(0, 2).Select(o => (o.RecordedAt - DateTimeOffset.UnixEpoch).TotalSeconds));
        events.Scalars().ShouldBe(
        [
            new("accuracy/validation", 0, 0.5f), new("loss/validation", 0, 1.5f), new("beta_eff", 0, 8),
            new("seconds/train", 0, 0), new("seconds/beta", 0, 0.25f), new("seconds/validation", 0, 0.125f),
            .. Later(1), .. Later(2),
        ]);
        log.Warnings.ShouldBeEmpty();

        static IEnumerable<Scalar> Later(int epoch) =>
        [
            new("accuracy/train", epoch, 0.75f), new("accuracy/validation", epoch, 0.5f + epoch / 8f), new("accuracy/test", epoch, 0.375f),
            new("loss/train", epoch, 0.0625f), new("loss/validation", epoch, 1.5f), new("beta_eff", epoch, 8 - epoch),
            new("seconds/train", epoch, 3), new("seconds/beta", epoch, 0.25f), new("seconds/validation", epoch, 0.125f),
        ];
    }

    [Fact]
    public void Under_a_linear_head_there_is_no_beta_eff()
    {
        var curve = Curve(attempt: 1);
        curve.Begin([]);
        curve.Add(Epoch(0) with { BetaEff = null });

        EventFile.OfRun(Run).Scalars().Select(s => s.Tag).ShouldNotContain("beta_eff");
    }

    [Fact]
    public void The_next_attempt_goes_on_with_the_curve_and_doubles_no_step()
    {
        var first = Curve(attempt: 9);
        first.Begin([]);
        // The third is stored, and its worker dies before it is written.
        foreach (var epoch in Epochs(0, 1)) first.Add(epoch);

        var second = Curve(attempt: 10);
        second.Begin(Epochs(0, 2));
        // A checkpoint may be ahead of what was stored, and is then told again from there on.
        foreach (var epoch in Epochs(2, 4)) second.Add(epoch);

        Steps().ShouldBe([0, 1, 2, 3, 4]);
        EventFile.OfRun(Run).Scalars().ShouldBe(InOneGo(4));
    }

    [Fact]
    public void Whoever_follows_the_run_is_told_that_it_begins_anew_and_finds_the_newer_file_after_the_older()
    {
        var names = new List<string>();
        foreach (var attempt in (int[])[9, 10])
        {
            var curve = Curve(attempt);
            // Its process was killed in between, and another took the trial up in the same attempt.
            for (var process = 0; process < 2; process++)
            {
                curve.Begin(Epochs(0, 1));
                names.Add(Directory.GetFiles(Run).ShouldHaveSingleItem());
                EventFile.Read(names[^1]).Where(e => e.Starts).ShouldHaveSingleItem().Step.ShouldBe(0);
            }
        }

        names.Distinct().Count().ShouldBe(4);
        names.ShouldBe(names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_run_that_starts_over_leaves_nothing_of_the_one_before()
    {
        var first = Curve(attempt: 1);
        first.Begin(Epochs(0, 5));

        var second = Curve(attempt: 2);
        second.Begin([]);
        second.Add(Epoch(0));

        Steps().ShouldBe([0]);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_one_warning_and_all_is_written_once_it_can()
    {
        // No folder can be made where a file is.
        File.WriteAllText(folder.File("job"), "");
        var curve = Curve(attempt: 1);
        curve.Begin([]);
        foreach (var epoch in Epochs(0, 2)) curve.Add(epoch);

        log.Warnings.ShouldHaveSingleItem().ShouldStartWith($"The trial's curve for TensorBoard could not be written to {Run}: ");
        File.Delete(folder.File("job"));
        curve.Add(Epoch(3));

        EventFile.OfRun(Run).Scalars().ShouldBe(InOneGo(3));
        log.Warnings.Count.ShouldBe(1);
    }

    [Fact]
    public void A_folder_that_somebody_removes_comes_again()
    {
        var curve = Curve(attempt: 1);
        curve.Begin(Epochs(0, 1));
        Directory.Delete(folder.File("job"), recursive: true);

        curve.Add(Epoch(2));
        curve.Add(Epoch(3));

        log.Warnings.Count.ShouldBe(1);
        Steps().ShouldBe([0, 1, 2, 3]);
    }

    [Fact]
    public void A_full_disk_is_one_warning_too()
    {
        // What is written to /dev/full finds no space.
        Directory.CreateDirectory(Run);
        File.CreateSymbolicLink(Path.Combine(Run, "unfinished"), "/dev/full");
        var curve = Curve(attempt: 1);

        curve.Begin([]);
        foreach (var epoch in Epochs(0, 2)) curve.Add(epoch);

        log.Warnings.ShouldHaveSingleItem();
        File.Delete(Path.Combine(Run, "unfinished"));
        curve.Add(Epoch(3));
        Steps().ShouldBe([0, 1, 2, 3]);
    }

    public void Dispose() => folder.Dispose();

    private TrialCurve Curve(int attempt) => new(Run, attempt, TimeProvider.System, log);

    private IEnumerable<long> Steps() => EventFile.OfRun(Run).Where(e => e.Values.Count > 0).Select(e => e.Step);

    /// <summary>The scalars of a run that nothing disturbed, to this epoch.</summary>
    private IReadOnlyList<Scalar> InOneGo(int last)
    {
        var run = folder.File("undisturbed");
        var curve = new TrialCurve(run, 1, TimeProvider.System, log);
        curve.Begin([]);
        foreach (var epoch in Epochs(0, last)) curve.Add(epoch);
        return EventFile.OfRun(run).Scalars();
    }

    private static IReadOnlyList<Observation> Epochs(int first, int last) => [.. Enumerable.Range(first, last - first + 1).Select(Epoch)];

    private static Observation Epoch(int epoch) => new()
    {
        TrialId = Guid.Empty,
        Epoch = epoch,
        BetaEff = 8 - epoch,
        ValidationAccuracy = 0.5 + epoch / 8.0,
        ValidationLoss = 1.5,
        ValidationCount = 40,
        TrainAccuracy = epoch == 0 ? null : 0.75,
        TrainLoss = epoch == 0 ? null : 0.0625,
        TestAccuracy = epoch == 0 ? null : 0.375,
        TrainSeconds = epoch == 0 ? 0 : 3,
        BetaSeconds = 0.25,
        ValidationSeconds = 0.125,
        RecordedAt = Start.AddSeconds(4 * epoch),
    };
}
