using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Domain.Jobs;
using NeuralCapacitance.Infrastructure;
using NeuralCapacitance.Worker.Backbones;
using NeuralCapacitance.Worker.Hosting;
using NeuralCapacitance.Worker.Tests.Datasets;
using NeuralCapacitance.Worker.Tests.Training;
using NeuralCapacitance.Worker.TorchScript;
using NeuralCapacitance.Worker.Weights;

namespace NeuralCapacitance.Worker.Tests.TorchScript;

public sealed class TorchScriptGuardTests
{
    private static readonly string Goldens = Path.Combine(AppContext.BaseDirectory, "Goldens");
    private static readonly string Digest = Digests.Of(Path.Combine(Goldens, "own.pt"));
    private static readonly CandidateSpec Own = new() { Name = "mine", Backbone = "torchscript", Weights = "file:own.pt" };

    [Fact]
    public void None_may_run_unless_it_is_said_and_the_refusal_tells_what_to_say()
    {
        var error = Should.Throw<TorchScriptRefusedException>(() => Guard().FileOf(Own));

        error.Message.ShouldBe($"'file:own.pt' is refused: it is TorchScript, which is a program, and this service does not run it. Whoever operates the service can allow this file: Worker:AllowTorchScript={Digest}");
    }

    [Fact]
    public void One_may_be_allowed_by_its_digest_and_no_other_is()
    {
        Guard(("Worker:AllowTorchScript", Digest)).FileOf(Own).ShouldBe(Path.Combine(Goldens, "own.pt"));
        Guard(("Worker:AllowTorchScript", $"{new string('1', 64)}, SHA256:{Digest.ToUpperInvariant()}")).FileOf(Own).ShouldNotBeNull();
        Guard(("Worker:AllowTorchScript", "true")).FileOf(Own).ShouldNotBeNull();
        Should.Throw<TorchScriptRefusedException>(() => Guard(("Worker:AllowTorchScript", Digest)).FileOf(Own with { Weights = "file:own-eval.pt" }));
    }

    [Fact]
    public void What_is_no_TorchScript_is_told_before_it_is_refused()
    {
        Should.Throw<WeightsException>(() => Guard().FileOf(Own with { Weights = "file:own.json" })).Message.ShouldContain("is no TorchScript file");
        Should.Throw<WeightsException>(() => Guard().FileOf(Own with { Weights = "file:gone.pt" })).Message.ShouldStartWith("No weights 'gone.pt'");
    }

    [Theory]
    [InlineData("yes", "has 'yes'; accepted is false, true, or the SHA-256")]
    [InlineData("1", "has '1'; accepted is")]
    [InlineData("own.pt", "has 'own.pt'")]
    [InlineData("abc123", "has 'abc123'")]
    [InlineData("true,false", "has 'true' beside digests")]
    public void What_allows_nothing_that_can_be_told_is_a_fault(string setting, string fault)
    {
        var result = new TorchScriptOptionsValidation().Validate(name: null, new TorchScriptOptions { AllowTorchScript = setting });

        result.Failures.ShouldNotBeNull().First().ShouldStartWith($"Worker:AllowTorchScript {fault}");
    }

    [Theory]
    [InlineData("false")]
    [InlineData("True")]
    [InlineData("")]
    public void Words_are_accepted(string setting)
        => new TorchScriptOptionsValidation().Validate(name: null, new TorchScriptOptions { AllowTorchScript = setting }).Succeeded.ShouldBeTrue();

    [Fact]
    public async Task A_wrong_setting_stops_the_start_of_a_node_that_only_takes_jobs()
    {
        using var folder = new TemporaryFolder();
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection([new("Storage:Root", folder.Path), new("Worker:AllowTorchScript", "yes")]);
        builder.Services.AddLogging().AddCatalogues(builder.Configuration);
        using var host = builder.Build();

        (await Should.ThrowAsync<OptionsValidationException>(() => host.StartAsync())).Message.ShouldContain("Worker:AllowTorchScript");
    }

    [Fact]
    public void Nothing_loads_a_file_that_is_not_allowed()
        => Should.Throw<BackboneException>(() => new BackboneCatalogue().Create(Own, 32, Guard().Artifacts)).Message.ShouldContain($"Worker:AllowTorchScript={Digest}");

    [Fact]
    public void What_becomes_of_TorchScript_is_logged_at_the_start()
    {
        Announced(null).ShouldBeEmpty();
        Announced("true").ShouldHaveSingleItem().ShouldContain("its trials are refused here, since there is no sandbox: bubblewrap is not here.");
        Announced("true", withoutSandbox: true).ShouldHaveSingleItem().ShouldContain("with all that this worker may do");
    }

    [Theory]
    [InlineData("PATH", true)]
    [InlineData("DOTNET_EnableDiagnostics", true)]
    [InlineData("OMP_NUM_THREADS", true)]
    [InlineData("ConnectionStrings__Postgres", false)]
    [InlineData("AWS_SECRET_ACCESS_KEY", false)]
    public void Secrets_of_the_environment_stay_outside(string variable, bool passed) => Sandbox.IsPassedOn(variable).ShouldBe(passed);

    [Fact]
    public void A_storage_root_beside_the_program_is_not_shown_with_it()
    {
        using var folder = new TemporaryFolder();
        var data = Directory.CreateDirectory(Path.Combine(folder.Path, ".data")).FullName;
        File.WriteAllText(Path.Combine(folder.Path, "program.dll"), "");

        Sandbox.Shown(folder.Path, [data, Path.Combine(data, "artifacts")]).ShouldBe([Path.Combine(folder.Path, "program.dll")]);
        Sandbox.Shown(folder.Path, ["/elsewhere"]).ShouldBe([folder.Path]);
    }

    [Fact]
    public void A_program_that_is_not_there_is_not_found()
    {
        Bubblewrap.Search("/no/such:/folder").ShouldBeNull();
        Bubblewrap.Search(path: null).ShouldBeNull();
    }

    private static List<string> Announced(string? setting, bool withoutSandbox = false)
    {
        var log = new ToldLog();
        var options = new TorchScriptOptions { AllowTorchScript = setting ?? "false", TorchScriptWithoutSandbox = withoutSandbox };
        new TorchScriptGuard(options, new ConfigurationBuilder().Build(), log, () => (null, "bubblewrap is not here.")).Announce();
        return log.Warnings;
    }

    private static TorchScriptGuard Guard(params (string Key, string Value)[] settings) => Guards.Of(
        new ConfigurationBuilder().AddInMemoryCollection([new("Storage:DataRoots:0", Goldens), .. settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))]).Build());
}
