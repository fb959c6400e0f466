using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NeuralCapacitance.Infrastructure;
using NeuralCapacitance.Worker.Settings;

namespace NeuralCapacitance.Worker.Tests.Settings;

public sealed class SettingsReviewTests
{
    [Fact]
    public void All_that_is_wrong_is_told_at_once()
    {
        var faults = FaultsOf(
            ("Worker:Slots", "many"),
            ("Worker:Slotz", "2"),
            ("Worker:RetryPause", "soon"),
            ("Queue:PollInterval", "00:00:00"),
            ("Queue:ReconcileInterval", "every minute"),
            ("Uploads:MaxBytes", "0"),
            ("Storage:DataRoots", "/data"),
            ("Storage:Roots", "/data"),
            ("Downloads:Offline", "yes"),
            ("Telemetry:OtlpEndpoint", "collector"),
            ("Logging:Format", "xml"),
            ("Serilog:MinimumLevel:Default", "Loud"),
            ("ConnectionStrings:Postgre", "Host=db"),
            ("Secrets:Folder", "/no/such/folder"),
            ("Storrage:Root", "/data"),
            ("urls", "localhost"));

        faults.ShouldBe(
        [
            "Worker:Slots is 'many'; accepted is a whole number.",
            "Worker:Slotz is no setting; did you mean Worker:Slots?",
            "Worker:RetryPause is 'soon'; accepted is a time, as 00:00:30 (half a minute) or 1.00:00:00 (a day).",
            "Queue:PollInterval is 00:00:00; accepted is 00:00:00.1000000 … 01:00:00.",
            "Queue:ReconcileInterval is 'every minute'; accepted is a time, as 00:00:30 (half a minute) or 1.00:00:00 (a day).",
            "Uploads:MaxBytes is 0; accepted is 1 or more.",
            "Storage:DataRoots is '/data', and has to be a list: set Storage:DataRoots:0, Storage:DataRoots:1, ….",
            "Storage:Roots is no setting; did you mean Storage:Root?",
            "Downloads:Offline is 'yes'; accepted is true or false.",
            "Telemetry:OtlpEndpoint is 'collector'; accepted is an absolute URL such as http://collector:4317.",
            "Logging:Format is 'xml'; accepted are text and json.",
            "Serilog:MinimumLevel:Default is 'Loud'; accepted are Verbose, Debug, Information, Warning, Error, Fatal.",
            "ConnectionStrings:Postgre is no setting; did you mean ConnectionStrings:Postgres?",
            "Secrets:Folder is '/no/such/folder', which is no folder; give the path of an existing one.",
            "Storrage is no section of the settings; did you mean Storage?",
            "ASPNETCORE_URLS (--urls) has 'localhost'; accepted is an address to listen on, such as http://127.0.0.1:5080.",
        ], ignoreOrder: true);
    }

    [Theory]
    [InlineData("Worker:Bogus", "Worker:Bogus is no setting; Worker takes Device, ")]
    [InlineData("Worker:Slots:0", "Worker:Slots:0 is no setting; Worker:Slots is a single value.")]
    [InlineData("Queue:Servertimeut", "did you mean Queue:ServerTimeout?")]
    public void A_setting_that_there_is_not_is_told_with_what_there_is(string key, string told)
        => FaultsOf((key, "1")).ShouldHaveSingleItem().ShouldContain(told);

    [Fact]
    public void A_section_may_lie_in_another_one()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Outer:Size", "1"), new("Outer:Inner:Name", "a"), new("Outer:Inner:Nam", "b"), new("Outer:Iner:Name", "c")]).Build();

        SettingsReader.FaultsIn(configuration, [new("Outer", typeof(OuterOptions)), new("Outer:Inner", typeof(InnerOptions))]).Select(fault => fault.Key)
            .ShouldBe(["Outer:Iner", "Outer:Inner:Nam"], ignoreOrder: true);
    }

    private sealed class OuterOptions
    {
        public int Size { get; set; }
    }

    private sealed class InnerOptions
    {
        public string Name { get; set; } = "";
    }

    [Fact]
    public void A_connection_string_that_is_none_is_told_without_its_password()
    {
        var fault = FaultsOf(("ConnectionStrings:Postgres", "Hos=db;Password=secret")).ShouldHaveSingleItem();

        fault.ShouldStartWith("ConnectionStrings:Postgres is no connection string (");
        fault.ShouldNotContain("secret");
    }

    [Theory]
    [InlineData("worker:slots", "2")]
    [InlineData("Storage:DataRoots:run", "/")]
    [InlineData("Somebody:Else", "1")]
    [InlineData("PATH", "/bin")]
    [InlineData("Serilog:WriteTo:0:Name", "File")]
    [InlineData("Logging:LogLevel:Default", "Debug")]
    [InlineData("Kestrel:Endpoints:Http:Url", "http://127.0.0.1:1")]
    [InlineData("Queue:CheckInInterval", "00:00:05")]
    public void What_is_right_or_somebody_elses_is_no_fault(string key, string value) => FaultsOf((key, value)).ShouldBeEmpty();

    [Fact]
    public void A_secret_is_the_text_of_a_file_and_wins()
    {
        var folder = Directory.CreateTempSubdirectory("nc-secrets-");
        File.WriteAllText(Path.Combine(folder.FullName, "ConnectionStrings__PostgresPassword"), "from a file\n");
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection([new("Secrets:Folder", folder.FullName), new("ConnectionStrings:PostgresPassword", "from elsewhere")]);

        SettingsReview.Begin(configuration, typeof(SettingsReview).Assembly);

        configuration["ConnectionStrings:PostgresPassword"].ShouldBe("from a file");
        folder.Delete(recursive: true);
    }

    [Fact]
    public void Several_refusals_and_one_are_told_as_a_list_and_a_sentence()
    {
        StartFailure.Explain(new AggregateException(new OptionsValidationException("", typeof(object), ["a.", "b."]), new AggregateException(new OptionsValidationException("", typeof(object), ["c."]))))
            .ShouldBe(["a.", "b.", "c."]);
        StartFailure.Explain(new InvalidOperationException("a defect")).ShouldBeEmpty();
        StartFailure.Describe("The worker", ["a.", "b."]).ShouldBe("The worker cannot start; 2 things are wrong:\n- a.\n- b.");
        StartFailure.Describe("The worker", ["a."]).ShouldBe("The worker cannot start: a.");
    }

    private static IReadOnlyList<string> FaultsOf(params (string Key, string Value)[] settings)
    {
        var root = Directory.CreateTempSubdirectory("nc-settings-");
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection([new("Storage:Root", root.FullName), .. settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))]);
        var review = SettingsReview.Begin(configuration, typeof(SettingsReview).Assembly);
        var services = new ServiceCollection().AddInfrastructure(configuration);
        NeuralCapacitance.Worker.Telemetry.TelemetryServices.AddTelemetry(services, configuration, "test");
        using var provider = services.BuildServiceProvider();
        try
        {
            review.End(provider);
            return [];
        }
        catch (SettingsException e)
        {
            return e.Faults;
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }
}
