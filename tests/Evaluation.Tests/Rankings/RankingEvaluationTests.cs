using System.Globalization;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Evaluation.Rankings;
using NeuralCapacitance.Evaluation.Tasks;

namespace NeuralCapacitance.Evaluation.Tests.Rankings;

public sealed class RankingEvaluationTests : IDisposable
{
    private const string Header = "run,model,epoch,val_acc,test_acc,train_acc,train_loss,beta_A";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ranking-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_window_that_reaches_the_last_epoch_predicts_nothing()
    {
        var task = EvaluationTask.Read([Curves("a.csv", epochs: 6)])[0];

        task.Windows(3, [0, 1, 2, 3]).ShouldBe([new Window(3, 0), new Window(3, 1), new Window(3, 2)]);
        task.Windows(6, [0, null]).ShouldBeEmpty();
        task.Windows(5, [null]).ShouldBe([new Window(5, null)]);
    }

    [Fact]
    public void Runs_of_the_same_name_in_several_files_are_told_apart()
    {
        EvaluationTask.Read([Curves("a.csv"), Curves("b.csv", run: "other")]).Select(t => t.Name).ShouldBe(["run", "other"]);
        EvaluationTask.Read([Curves("a.csv"), Curves("b.csv")]).Select(t => t.Name).ShouldBe([$"{_folder.Name}/a run", $"{_folder.Name}/b run"]);
    }

    [Fact]
    public void A_model_without_a_true_accuracy_is_named()
    {
        var file = new FileInfo(Path.Combine(_folder.FullName, "half.csv"));
        File.WriteAllLines(file.FullName, [Header, "run,m,1,0.5,,0.5,1,0.3"]);

        Should.Throw<FormatException>(() => EvaluationTask.Read([file])).Message
            .ShouldBe("half.csv: m of run run has no test_acc at any epoch, so its true accuracy is not known.");
    }

    [Fact]
    public void Scores_of_a_perfect_order_are_perfect()
    {
        var tasks = EvaluationTask.Read([Curves("a.csv")]);
        var score = Evaluate(tasks, PredictorNames.LastSeen).Scores(new Bootstrap(tasks, 50, seed: 3)).ShouldHaveSingleItem();

        score.Rho.ShouldBe(1);
        score.RhoInterval.ShouldBe(new Interval(1, 1));
        score.WeightedTau.ShouldNotBeNull().ShouldBe(1, 1e-12);
        score.Top1Regret.ShouldBe(0);
        score.Bias.ShouldNotBeNull().ShouldBe(0.02 * 4 - 0.02 * 9, 1e-9); // windows of epochs 1–3, 2–4, 3–5; truth is epoch 9's
        score.Coverage.ShouldNotBeNull().ShouldBeInRange(0, 1);
    }

    [Fact]
    public void The_bootstrap_is_repeatable_and_counts_tasks_and_models()
    {
        var tasks = RecordedCurves.Tasks(RecordedCurves.Transfer);
        var evaluation = Evaluate(tasks, PredictorNames.NeuralCapacitance, PredictorNames.LastSeen);

        var scores = evaluation.Scores(new Bootstrap(tasks, 200, seed: 3));
        var again = evaluation.Scores(new Bootstrap(tasks, 200, seed: 3));

        again.Select(s => s.RhoInterval).ShouldBe(scores.Select(s => s.RhoInterval));
        scores.ShouldAllBe(s => s.RhoInterval!.Low < s.Rho && s.Rho < s.RhoInterval!.High);
        var itself = evaluation.Difference(PredictorNames.LastSeen, [PredictorNames.LastSeen], 3, TaskKind.Every, new Bootstrap(tasks, 200, seed: 3));
        itself.ShouldBe(new Difference(0, new Interval(0, 0), 2));
    }

    [Fact]
    public void The_command_writes_tables_and_plots_and_ends_with_the_figures()
    {
        var curves = Curves("a.csv");
        var folder = Path.Combine(_folder.FullName, "out");

        RankingCommand.Create().Parse(["--curves", curves.FullName, "--out", folder, "--observe", "3", "--replicates", "20"]).Invoke().ShouldBe(0);

        string[] files = ["ranking.md", "ranking.csv", "runs.csv", "differences.csv", "races.csv", "reliability.csv", "reliability.svg", "rho-by-epochs.svg", "rho-by-start.svg", "accuracy.svg", "beta-run.svg", "validation-run.svg"];
        Directory.GetFiles(folder).Select(path => Path.GetFileName(path)).ShouldBe(files, ignoreOrder: true);
        var rows = File.ReadAllLines(Path.Combine(folder, "ranking.csv")).Select(line => line.Split(',')).ToList();
        rows.Skip(1).Select(row => row[0]).ShouldBe(PredictorNames.All.Except(SlowPredictors.Names));
        rows.ShouldAllBe(row => row.Length == rows[0].Length);

        var tasks = EvaluationTask.Read([curves]);
        var evaluation = Evaluate(tasks, PredictorNames.LastSeen, PredictorNames.BestSeen, PredictorNames.LogMe);
        new RankingReport(evaluation, Evaluate([], PredictorNames.LastSeen), new Bootstrap(tasks, 20, seed: 1)).Result()
            .ShouldStartWith("RESULT rho3_last-seen=1.000 rho3_best-seen=1.000 best_of_sure=1.000 race_within=1.000 race_epochs=");
    }

    [Fact]
    public void A_folder_stands_for_its_files_and_what_is_kept_aside_can_be_left_out()
    {
        Curves("a.csv", run: "one");
        Curves("b.csv", run: "two");
        File.WriteAllText(Path.Combine(_folder.FullName, "corpus.json"), """{ "defaults": {}, "tasks": [{ "name": "two", "aside": true, "spec": {} }] }""");
        var folder = Path.Combine(_folder.FullName, "out");

        RankingCommand.Create().Parse(
            ["--curves", _folder.FullName, "--out", folder, "--observe", "3", "--start", "0", "--replicates", "5", "--aside", "no", "--predictors", "best-seen", "last-seen"]).Invoke().ShouldBe(0);

        File.ReadAllLines(Path.Combine(folder, "runs.csv")).Skip(1).Select(line => line.Split(',')[0] + " " + line.Split(',')[6]).ShouldBe(["one best-seen", "one last-seen"]);
    }

    [Theory]
    [InlineData("--tasks", "nobody")]
    [InlineData("--observe", "0")]
    [InlineData("--start", "-1")]
    [InlineData("--start", "early")]
    [InlineData("--curves", "absent.csv")]
    [InlineData("--predictors", "crystal-ball")]
    [InlineData("--aside", "yes")]
    [InlineData("--aside", "perhaps")]
    [InlineData("--plot", "nobody")]
    public void What_cannot_be_evaluated_is_refused(string option, string value)
        => RankingCommand.Create().Parse(["--curves", Curves("a.csv").FullName, "--out", Path.Combine(_folder.FullName, "out"), option, value]).Invoke().ShouldNotBe(0);

    private static RankingEvaluation Evaluate(IReadOnlyList<EvaluationTask> tasks, params string[] predictors)
        => new(tasks, [.. predictors.Select(PredictorCatalogue.Get)], [3], [0, 1, 2], TimeProvider.System);

    /// <summary>Four models that climb in parallel; the truth is the accuracy of the last epoch.</summary>
    private FileInfo Curves(string name, string run = "run", int epochs = 9)
    {
        var file = new FileInfo(Path.Combine(_folder.FullName, name));
        var rows = from model in Enumerable.Range(0, 4)
                   from epoch in Enumerable.Range(1, epochs)
                   let accuracy = (0.3 + (0.1 * model) + (0.02 * epoch)).ToString("0.###", CultureInfo.InvariantCulture)
                   select FormattableString.Invariant($"{run},m{model},{epoch},{accuracy},{(epoch == epochs ? accuracy : "")},,,{1.0 / epoch:0.######}");
        File.WriteAllLines(file.FullName, rows.Prepend(Header));
        return file;
    }
}
