using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Evaluation.Rankings;
using NeuralCapacitance.Evaluation.Tasks;

namespace NeuralCapacitance.Evaluation.Tests.Tasks;

public sealed class TaskBookTests : IDisposable
{
    private const string Corpus = """
        {
          "defaults": { "dataset": { "name": "image-folder", "path": "birds" }, "candidates": ["a", "b"], "training": { "epochs": 9 } },
          "tasks": [
            { "name": "few", "source": "nature", "aside": true, "spec": { "training": { "trainLimit": 1000, "repeats": 2 } } },
            { "name": "many-scratch", "spec": { "training": { "trainLimit": 9000 } } }
          ]
        }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("task-book-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_corpus_above_the_curves_tells_what_each_run_is()
    {
        Write("corpus.json", Corpus);
        var book = TaskBook.Beside(new FileInfo(Path.Combine(_folder.FullName, "curves", "few.csv")));

        TaskFacts few = book.Of("few-r1"), many = book.Of("many-scratch");

        (few.Task, few.Images, few.Source, few.IsAside, few.IsNoisy, few.IsFromScratch).ShouldBe(("few", 1_000, "nature", true, true, false));
        (many.Task, many.Images, many.IsAside, many.IsNoisy, many.IsFromScratch).ShouldBe(("many-scratch", 9_000, false, false, true));
        few.Dataset.ShouldNotBeNull().ShouldBe(many.Dataset);
        few.Collection.ShouldBe("birds");
        (few.KindOf("resnet8"), many.KindOf("resnet8")).ShouldBe(("resnet8@file", "resnet8"));
        book.Of("other-r3").ShouldBe(new TaskFacts("other"));
    }

    [Fact]
    public void What_is_no_corpus_is_named()
    {
        Write("corpus.json", """{ "tasks": [1] }""");

        Should.Throw<FormatException>(() => TaskBook.Beside(new FileInfo(Path.Combine(_folder.FullName, "few.csv")))).Message.ShouldContain("corpus.json is no corpus");
    }

    [Fact]
    public void A_table_of_kinds_goes_before_the_corpus()
    {
        Write("corpus.json", Corpus);
        var kinds = TaskBook.OfKinds(Write("kinds.csv", "run,task,images,source,dataset,aside,collection\nfew-r1,other,,scratch,,no,sea\nx,,,,,,"));

        var book = kinds.Or(TaskBook.Beside(new FileInfo(Path.Combine(_folder.FullName, "few.csv"))));

        book.Of("few-r1").ShouldBe(new TaskFacts("other", Source: TaskFacts.Scratch) { Collection = "sea" });
        book.Of("few-r0").Task.ShouldBe("few");
        book.Of("x").ShouldBe(new TaskFacts("x"));
        Should.Throw<FormatException>(() => TaskBook.OfKinds(Write("bad.csv", "run,aside\nx,perhaps"))).Message.ShouldContain("line 2: column 'aside' is neither 'yes' nor 'no'");
        Should.Throw<FormatException>(() => TaskBook.OfKinds(Write("bad.csv", "run,images\nx,many"))).Message.ShouldContain("line 2: column 'images' is 'many', not a finite number");
    }

    [Theory]
    [InlineData("birds-r2", "birds")]
    [InlineData("birds-red", "birds-red")]
    [InlineData("-r2", "-r2")]
    public void A_runs_name_tells_its_task(string run, string task) => TaskFacts.TaskOf(run).ShouldBe(task);

    [Fact]
    public void Nothing_is_learnt_from_a_tasks_own_repeats_or_from_what_is_kept_aside()
    {
        EvaluationTask[] runs =
        [
            MadeCurves.Run("a-r0", [0.3, 0.5], new TaskFacts("a", Dataset: "birds")),
            MadeCurves.Run("a-r1", [0.5, 0.7], new TaskFacts("a", Dataset: "birds")),
            MadeCurves.Run("b", [0.2, 0.4], new TaskFacts("b", Dataset: "birds")),
            MadeCurves.Run("c", [0.2, 0.4], new TaskFacts("c")),
            MadeCurves.Run("d", [0.2, 0.4], new TaskFacts("d", Dataset: "birds", IsAside: true)),
        ];
        var history = new TaskHistory(runs);

        history.Count.ShouldBe(3);
        history.For(runs[0]).Select(t => (t.Name, t.SameDataset)).ShouldBe([("b", true), ("c", false)]);
        PastTask pooled = history.For(runs[4])[0];
        (pooled.Name, pooled.SameDataset, pooled.Epochs).ShouldBe(("a", true, MadeCurves.Epochs));
        pooled.Candidates.Select(c => c.FinalAccuracy).ShouldBe([0.4, 0.6], 1e-12);
        pooled.Candidates.ShouldAllBe(c => c.Curves.Repeats.Count == 2 && c.Curves.Kind == c.Name);
    }

    [Fact]
    public void A_score_of_a_run_goes_before_one_of_its_task()
    {
        var table = ScoreTable.Read([Write("scores.csv", "run,model,score,value\na,m,logme,1\na-r1,m,logme,2\na,m,leep,")]);

        table.Of("a-r0", "a", "m")["logme"].Value.ShouldBe(1);
        table.Of("a-r1", "a", "m")["logme"].Value.ShouldBe(2);
        table.Of("a-r1", "a", "m")["leep"].ShouldBe(new ScoreValue(null, "the table has no value"));
        table.Of("b", "b", "m").ShouldBeEmpty();
        ScoreTable.Lines([("a", "m", "logme", 0.5), ("a", "m", "leep", null)]).ShouldBe(["run,model,score,value", "a,m,logme,0.5", "a,m,leep,"]);
    }

    private FileInfo Write(string name, string text)
    {
        var file = new FileInfo(Path.Combine(_folder.FullName, name));
        File.WriteAllText(file.FullName, text);
        return file;
    }
}
