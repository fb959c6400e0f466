using System.Text.RegularExpressions;
using NeuralCapacitance.Api.Jobs;

namespace NeuralCapacitance.Api.Tests.Examples;

public sealed partial class PythonExampleTests(PlayingService playing) : IClassFixture<PlayingService>, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nc-python-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_job_is_submitted_and_waited_for_and_submitted_once()
    {
        var spec = Spec(ServiceFixture.Spec());
        (string, string)[] again = [("NEURAL_CAPACITANCE_IDEMPOTENCY_KEY", "example")];

        var first = await SubmitAsync(spec, again);
        var second = await SubmitAsync(spec, again);

        first.Code.ShouldBeInRange(0, 1, first.ToString());
        first.Output.Split('\n').First(line => line.TrimStart().StartsWith('1')).ShouldContain("resnet8");
        var id = JobId().Match(first.Errors).Groups["id"].Value;
        (await playing.Service.GetAsync<JobResponse>($"/api/v1/jobs/{id}")).Owner.ShouldBe("key:pipeline");
        second.Errors.ShouldContain($"job {id}");
        second.Code.ShouldBe(first.Code);
    }

    [Fact]
    public async Task Faults_are_told_and_end_it_with_three()
    {
        var ran = await SubmitAsync(Spec("""{ "dataset": { "name": "synthetic" }, "candidates": ["resnet9000", "resnet8"], "priority": 900 }"""));

        ran.Code.ShouldBe(3, ran.ToString());
        ran.Errors.ShouldContain("candidates[0]");
        ran.Errors.ShouldContain("priority");
    }

    [Fact]
    public async Task A_key_that_is_not_known_ends_it_with_three()
    {
        var ran = await SubmitAsync(Spec(ServiceFixture.Spec()), ("NEURAL_CAPACITANCE_KEY", "nc_none"));

        ran.Code.ShouldBe(3, ran.ToString());
        ran.Errors.ShouldContain("key");
    }

    /// <summary>The DAG's own functions, called as Airflow would: stand-ins for its decorators hand them through.</summary>
    [Fact]
    public async Task The_tasks_of_the_DAG_find_the_winner()
    {
        await File.WriteAllTextAsync(Path.Combine(Directory.CreateDirectory(Path.Combine(_folder.FullName, "airflow")).FullName, "__init__.py"), "");
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "airflow", "exceptions.py"), "class AirflowFailException(Exception):\n    pass\n");
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "airflow", "sdk.py"), Airflow);

        var ran = await playing.RunAsync(
            "python3", [RepositoryFolder.PathOf("examples/airflow_dag.py")], _folder.FullName, ("PYTHONPATH", _folder.FullName), ("PYTHONDONTWRITEBYTECODE", "1"));

        ran.Code.ShouldBe(0, ran.ToString());
        ran.Output.Split('\n').Select(line => line.Trim()).ShouldContain("winner → resnet8", ran.ToString());
    }

    private const string Airflow =
        """
        import time


        class PokeReturnValue:
            def __init__(self, is_done, xcom_value=None):
                self.is_done, self.xcom_value = is_done, xcom_value


        def get_current_context():
            return {"run_id": "manual__2026-01-01"}


        class _Task:
            def __call__(self, **settings):
                def decorate(function):
                    def run(*arguments):
                        result = function(*arguments)
                        print(f"{function.__name__} → {result}")
                        return result
                    return run
                return decorate

            def sensor(self, poke_interval, timeout, mode):
                def decorate(function):
                    def run(*arguments):
                        while not (poked := function(*arguments)).is_done:
                            time.sleep(0.1)
                        return poked.xcom_value
                    return run
                return decorate


        task = _Task()


        def dag(**settings):
            return lambda function: function

        """;

    private string Spec(string json)
    {
        var path = Path.Combine(_folder.FullName, $"{Guid.NewGuid()}.json");
        File.WriteAllText(path, json);
        return path;
    }

    private Task<PlayingService.Ran> SubmitAsync(string spec, params (string, string)[] variables)
        => playing.RunAsync("python3", [RepositoryFolder.PathOf("examples/submit_and_wait.py"), spec], _folder.FullName, variables);

    [GeneratedRegex("job (?<id>[0-9a-f-]{36})", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex JobId();
}
