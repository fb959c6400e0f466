using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Domain.Trials;
using NeuralCapacitance.Worker.TensorBoard;

namespace NeuralCapacitance.Worker.Tests.TensorBoard;

public sealed class RunFolderTests
{
    private const string JobId = "0198f0aa-1b2c-7d3e-8f40-5a6b7c8d9e0f";

    [Theory]
    [InlineData("birds", "resnet50@imagenet", "birds-0198f0aa7c8d9e0f/resnet50@imagenet#2")]
    [InlineData(null, "cnn-small", "synthetic-0198f0aa7c8d9e0f/cnn-small#2")]
    [InlineData("Vögel, 3. Versuch", "网络", "Vögel,_3._Versuch-0198f0aa7c8d9e0f/网络#2")]
    [InlineData("../../etc", "..", "_._.._etc-0198f0aa7c8d9e0f/_.#2")]
    [InlineData("/", "a/../b\\c:d\0e\nf", "_-0198f0aa7c8d9e0f/a_.._b_c_d_e_f#2")]
    [InlineData("", "😀~#", "-0198f0aa7c8d9e0f/____#2")]
    public void A_run_is_named_after_its_job_and_candidate(string? job, string candidate, string expected)
        => Of(job, 0, candidate, "another").ShouldBe(expected);

    [Fact]
    public void Names_of_any_length_fit_into_a_file_system_and_stay_apart()
    {
        var path = Of(new string('鳥', 200), 1, new string('網', 4_000), new string('網', 4_001));

        path.Split('/').Length.ShouldBe(2);
        path.Split('/').ShouldAllBe(name => System.Text.Encoding.UTF8.GetByteCount(name) <= 255);
        path.ShouldEndWith("網~1#2");
    }

    [Fact]
    public void Candidates_whose_names_come_to_the_same_keep_runs_of_their_own()
    {
        string[] candidates = ["a/b", "a_b", "A\\B", "a", "a_b~0"];

        var runs = candidates.Select((_, i) => Path.GetFileName(Of("job", i, candidates))).ToList();

        runs.ShouldBe(["a_b~0#2", "a_b~1#2", "A_B~2#2", "a#2", "a_b_0#2"]);
    }

    private static string Of(string? job, int index, params string[] candidates) => RunFolder.Of(
        new JobSpec
        {
            Name = job,
            Dataset = new() { Name = "synthetic" },
            Candidates = [.. candidates.Select(name => new CandidateSpec { Name = name, Backbone = "cnn-small" })],
        },
        new Trial
        {
            Id = Guid.Empty,
            JobId = Guid.Parse(JobId),
            CandidateIndex = index,
            Candidate = candidates[index],
            Repeat = 2,
            Seed = 0,
            State = TrialState.Running,
            EpochsTarget = 1,
        });
}
