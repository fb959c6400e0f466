using System.CommandLine;
using System.Text.Json.Nodes;
using NeuralCapacitance.Domain.Curves;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Statistics;
using NeuralCapacitance.Evaluation.Curves;
using NeuralCapacitance.Evaluation.Experiments;
using NeuralCapacitance.Evaluation.Rankings;

namespace NeuralCapacitance.Evaluation;

/// <summary>Experiments with the product itself, and what comes out of them.</summary>
internal static class Program
{
    private const string CurvesFile = "curves.csv";

    private static Task<int> Main(string[] args)
    {
        SmallMatrices.ComputeOnOneThread();
        var folder = new Argument<DirectoryInfo>("folder") { Description = "Folder of the experiment: pretrain.json and transfer.json; curves.csv, report.md and the plots go there." };
        var service = new Option<Uri>("--service") { Description = "Address of the running service.", Required = true, CustomParser = result => new Uri(result.Tokens[0].Value) };
        var transfer = new Command("transfer", "Pretrain on some classes, transfer to others, report.") { folder, service };
        transfer.SetAction((a, cancellationToken) => TransferAsync(a.GetRequiredValue(folder), a.GetRequiredValue(service), cancellationToken));
        var report = new Command("report", "Make the tables and plots from curves.csv again.") { folder };
        report.SetAction(a => Report(a.GetRequiredValue(folder)));
        var corpusFolder = new Argument<DirectoryInfo>("folder") { Description = "Folder with corpus.json; the curves of each task go to curves/." };
        var scores = new Option<bool>("--scores") { Description = "Only measure the training-free scores of tasks that have none stored." };
        var corpus = new Command("corpus", "Run the tasks of a corpus whose curves are missing, and store the curves of each as it ends; run it again to resume.") { corpusFolder, service, scores };
        corpus.SetAction((a, cancellationToken) => CorpusAsync(a.GetRequiredValue(corpusFolder), a.GetRequiredValue(service), a.GetValue(scores), cancellationToken));
        return new RootCommand("Evaluates predictors on real experiments.") { transfer, report, corpus, RankingCommand.Create() }.Parse(args).InvokeAsync();
    }

    private static async Task CorpusAsync(DirectoryInfo folder, Uri address, bool scores, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = address };
        Directory.CreateDirectory(Path.Combine(folder.FullName, "curves"));
        var experiment = new CorpusExperiment(new Service(http, Console.Out.WriteLine), folder);
        await (scores ? experiment.ScoreAsync(cancellationToken) : experiment.RunAsync(cancellationToken));
    }

    private static async Task TransferAsync(DirectoryInfo folder, Uri address, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = address };
        var experiment = new TransferExperiment(new Service(http, Console.Out.WriteLine));
        IReadOnlyList<CurveRow> rows = await experiment.RunAsync(Spec("pretrain.json"), Spec("transfer.json"), cancellationToken);
        CurveFile.Write(Path.Combine(folder.FullName, CurvesFile), rows);
        Report(folder);

        JsonObject Spec(string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(folder.FullName, name)))!.AsObject();
    }

    private static void Report(DirectoryInfo folder)
    {
        var report = new TransferReport(CurveFile.Read(Path.Combine(folder.FullName, CurvesFile)));
        File.WriteAllLines(Path.Combine(folder.FullName, "report.md"), report.Markdown());
        File.WriteAllText(Path.Combine(folder.FullName, "rho.svg"), report.RhoChart().ToSvg());
        File.WriteAllText(Path.Combine(folder.FullName, "accuracy.svg"), report.AccuracyChart(observe: 5).ToSvg());
        Console.Out.WriteLine($"RESULT {string.Join(' ', PredictorNames.All.Where(p => report.PooledRho(p, 5) is not null).Select(p => FormattableString.Invariant($"rho5_{p}={report.PooledRho(p, 5):0.000}")))}");
    }
}
