using System.Globalization;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using NeuralCapacitance.Domain.Answers;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Predictors;
using NeuralCapacitance.Domain.Rankings;
using NeuralCapacitance.Domain.Tests.Rankings;

namespace NeuralCapacitance.Domain.Tests.Answers;

public sealed partial class AnswerPropertyTests
{
    [Fact]
    public void An_answer_is_one_sentence_without_broken_numbers() => Holds(CurvesGen.BrokenJobs, (job, state, _, answer) =>
    {
        answer.Sentence.ShouldEndWith(".");
        foreach (var text in new[] { answer.Sentence, answer.Next })
        {
            text.ShouldNotContain("NaN");
            text.ShouldNotContain("Infinity");
            text.ShouldNotContain("∞");
            text.ShouldNotContain("\n");
            text.ShouldNotContain("  ");
            text.ShouldNotMatch(@" 1 (epochs|candidates|images)\b");
            text.ShouldNotMatch(@"\b(0|[2-9]|\d\d+) (epoch|candidate|image)\b");
        }
        (answer.Kind is AnswerKind.NoAnswer).ShouldBe(answer.Recommended.Count == 0);
        if (answer.Kind is AnswerKind.Answered) answer.Recommended.Count.ShouldBe(1);
        if (answer.Kind is AnswerKind.Tie) answer.Recommended.Count.ShouldBeGreaterThan(1);
        if (state is not JobState.Succeeded) answer.Kind.ShouldBe(AnswerKind.NoAnswer);
        answer.Recommended.ShouldBeSubsetOf([.. job.Spec.Candidates.Select(c => c.Name)]);
        answer.Recommended.ShouldBeUnique();
        if (answer.MoreEpochs is { } more) more.ShouldBeGreaterThan(0);
    });

    [Fact]
    public void It_never_claims_more_than_the_numbers() => Holds(CurvesGen.Jobs, (_, _, ranking, answer) =>
    {
        if (Sure().Match(answer.Sentence) is { Success: true } sure)
        {
            var first = ranking.Candidates[0];
            Number(sure, "sure").ShouldBeLessThanOrEqualTo((100 * first.ProbabilityBest!.Value) + 1e-6);
            Number(sure, "low").ShouldBeLessThanOrEqualTo((100 * first.IntervalLow!.Value) + 1e-6);
            Number(sure, "high").ShouldBeGreaterThanOrEqualTo((100 * first.IntervalHigh!.Value) - 1e-6);
            Number(sure, "expected").ShouldBe(100 * first.PredictedAccuracy!.Value, 0.5 + 1e-6);
        }
        if (answer is { Kind: AnswerKind.Answered } && ranking.Unit is PredictionUnit.Accuracy && answer.Sentence.StartsWith("Fine-tune", StringComparison.Ordinal) && !answer.Sentence.Contains("measured", StringComparison.Ordinal))
            ranking.Rivals.ShouldAllBe(r => r.ProbabilityBehind >= Rival.Apart);
    });

    private static double Number(Match match, string name) => double.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture);

    private static void Holds(Gen<CurvesSample> jobs, Action<JobOfCurves, JobState, Ranking, Answer> property)
    {
        var samples = from sample in jobs
                      from state in Gen.Frequency((4, Gen.Constant(JobState.Succeeded)), (1, Gen.Elements(Enum.GetValues<JobState>())))
                      from mode in Gen.Elements(SelectionMode.Full, SelectionMode.Early)
                      select (sample, state, mode);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(250), Prop.ForAll(samples.ToArbitrary(), s =>
        {
            var made = s.sample.Job([.. Enumerable.Range(0, s.sample.Curves.Length)]);
            var spec = made.Spec with { Selection = made.Selection with { Mode = s.mode } };
            var ranking = Ranker.Rank(spec, made.Trials, made.Observations);
            var job = new Job { Id = Guid.Empty, State = s.state, Spec = spec, CreatedAt = DateTimeOffset.UnixEpoch, Version = 1 };
            property(made, s.state, ranking, JobAnswer.Of(job, JobCourse.Of(spec, made.Trials, made.Observations), ranking));
        }));
    }

    [GeneratedRegex(@"(?<expected>[\d.]+) % expected \((?<low>[\d.]+) – (?<high>[\d.]+)\), (?<sure>\d+) % sure", RegexOptions.ExplicitCapture)]
    private static partial Regex Sure();
}
