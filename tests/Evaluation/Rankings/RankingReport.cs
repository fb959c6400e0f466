namespace NeuralCapacitance.Evaluation.Rankings;

/// <summary>An evaluation as Markdown, CSV files and the RESULT line.</summary>
internal sealed class RankingReport
{
    private readonly IReadOnlyList<Section> _sections;

    /// <param name="pooled">Of the tasks with several repeats, each as one run.</param>
    public RankingReport(RankingEvaluation evaluation, RankingEvaluation pooled, Bootstrap bootstrap)
        => _sections =
        [
            .. new[]
            {
                SummaryTable.Of(evaluation, evaluation.Scores(bootstrap)),
                CollectionTable.Of(evaluation, bootstrap),
                ReliabilityTable.Of(evaluation),
                DifferenceTable.ByKind(evaluation, bootstrap),
                DifferenceTable.ByPredictor(evaluation, bootstrap),
                TaskTable.Of(evaluation),
                CeilingTable.Of(evaluation.Tasks, pooled, bootstrap),
                RaceTable.Of(evaluation),
                RunningTimeTable.Of(evaluation),
            }.OfType<Section>(),
        ];

    public IEnumerable<string> Markdown()
        => _sections.SelectMany(s => s.Title.Length == 0 ? s.Markdown : ["", $"## {s.Title}", "", .. s.Markdown]);

    public IEnumerable<(string File, IReadOnlyList<string> Lines)> Csv() => _sections.Where(s => s.CsvName is not null).Select(s => ($"{s.CsvName}.csv", s.Csv));

    public string Result() => $"RESULT {string.Join(' ', _sections.SelectMany(s => s.Figures))}";
}
