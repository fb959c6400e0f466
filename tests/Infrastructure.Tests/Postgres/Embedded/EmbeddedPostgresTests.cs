using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using Microsoft.Extensions.Logging.Abstractions;
using NeuralCapacitance.Infrastructure.Postgres.Embedded;
using NeuralCapacitance.Infrastructure.Tests.Queue;
using Npgsql;

namespace NeuralCapacitance.Infrastructure.Tests.Postgres.Embedded;

[UnsupportedOSPlatform("windows")]
public sealed class EmbeddedPostgresTests : IAsyncLifetime
{
    private readonly string _root = Directory.CreateTempSubdirectory("nc-embedded-").FullName;

    private string Folder => Path.Combine(_root, "postgres");

    public Task InitializeAsync()
    {
        // CreateTempSubdirectory makes it private to this account; the server runs as another one when this is root.
        File.SetUnixFileMode(_root, File.GetUnixFileMode(_root) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        return Task.CompletedTask;
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_root, recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Data_outlives_the_server_which_stops_with_its_last_user()
    {
        await using (var postgres = await StartAsync(Folder)) await ExecuteAsync(postgres, "CREATE TABLE kept AS SELECT 42 AS answer");
        ServerPid(Folder).ShouldBeNull();

        await using (var again = await StartAsync(Folder)) (await ExecuteAsync(again, "SELECT answer FROM kept")).ShouldBe(42);
        ServerPid(Folder).ShouldBeNull();
    }

    [Fact]
    public async Task Its_log_is_a_file_for_each_day()
    {
        await using var postgres = await StartAsync(Folder);

        await Should.ThrowAsync<PostgresException>(() => ExecuteAsync(postgres, "SELECT nonsense"));

        var log = Directory.GetFiles(EmbeddedPostgres.LogFolderIn(Folder)).ShouldHaveSingleItem();
        Path.GetFileName(log).ShouldMatch(@"^\d{4}-\d\d-\d\dT\d{6}\.log$");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!(await File.ReadAllTextAsync(log, patience.Token)).Contains("nonsense", StringComparison.Ordinal)) await Task.Delay(20, patience.Token);
    }

    [Fact]
    public async Task Server_listens_on_a_private_socket_only()
    {
        await using var postgres = await StartAsync(Folder);

        (await ExecuteAsync(postgres, "SHOW listen_addresses")).ShouldBe("");
        File.GetUnixFileMode(Path.Combine(Folder, "socket")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.GetUnixFileMode(Folder).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task Users_of_one_folder_share_the_server_until_the_last_leaves()
    {
        var users = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => StartAsync(Folder))));
        var pid = ServerPid(Folder);

        await users[0].DisposeAsync();
        await users[1].DisposeAsync();
        ServerPid(Folder).ShouldBe(pid);
        await ExecuteAsync(users[2], "SELECT 1");
        await users[2].DisposeAsync();
        ServerPid(Folder).ShouldBeNull();
    }

    [Fact]
    public async Task Killed_server_is_started_again()
    {
        await using (var postgres = await EmbeddedPostgres.StartAsync(Folder, NullLogger.Instance))
        {
            await ExecuteAsync(postgres, "CREATE TABLE kept AS SELECT 42 AS answer");
            await KillAsync(ServerPid(Folder)!.Value);
            await using var second = await EmbeddedPostgres.StartAsync(Folder, NullLogger.Instance);
            (await ExecuteAsync(second, "SELECT answer FROM kept")).ShouldBe(42);
        }
        ServerPid(Folder).ShouldBeNull();
    }

    [Fact]
    public async Task Server_that_dies_while_it_is_used_is_started_again_as_often_as_it_dies()
    {
        await using (var postgres = await EmbeddedPostgres.StartAsync(Folder, NullLogger.Instance))
        {
            await ExecuteAsync(postgres, "CREATE TABLE kept AS SELECT 42 AS answer");
            for (var death = 0; death < 2; death++)
            {
                var pid = ServerPid(Folder)!.Value;
                await KillAsync(pid);

                (await AnswerAsync(postgres, "SELECT answer FROM kept")).ShouldBe(42);

                ServerPid(Folder).ShouldNotBe(pid);
            }
        }
        ServerPid(Folder).ShouldBeNull();
    }

    [Fact]
    public async Task Of_several_users_of_a_dead_server_one_starts_it()
    {
        await using var first = await EmbeddedPostgres.StartAsync(Folder, NullLogger.Instance);
        await using var second = await EmbeddedPostgres.StartAsync(Folder, NullLogger.Instance);

        await KillAsync(ServerPid(Folder)!.Value);
        await AnswerAsync(first, "SELECT 1");

        await first.DisposeAsync();
        (await ExecuteAsync(second, "SELECT 1")).ShouldBe(1);
    }

    [Fact]
    public async Task Process_number_that_another_program_has_now_does_not_keep_the_server_from_starting()
    {
        await (await StartAsync(Folder)).DisposeAsync();
        await File.WriteAllTextAsync(Path.Combine(Folder, "data", "postmaster.pid"), $"{Environment.ProcessId}\n{Folder}/data\n");

        await using var postgres = await StartAsync(Folder);

        ServerPid(Folder).ShouldNotBe(Environment.ProcessId);
        await ExecuteAsync(postgres, "SELECT 1");
    }

    [Fact]
    public async Task Process_number_that_another_server_has_now_does_not_keep_the_server_from_starting()
    {
        await (await StartAsync(Folder)).DisposeAsync();
        await using var other = await StartAsync(Path.Combine(_root, "other"));
        var otherPid = ServerPid(Path.Combine(_root, "other")).ShouldNotBeNull();
        await File.WriteAllTextAsync(Path.Combine(Folder, "data", "postmaster.pid"), $"{otherPid}\n{Folder}/data\n");

        await using var postgres = await StartAsync(Folder);

        ServerPid(Folder).ShouldNotBe(otherPid);
        await ExecuteAsync(postgres, "SELECT 1");
    }

    [Fact]
    public async Task Server_without_a_free_connection_is_waited_for()
    {
        var settings = new Dictionary<string, string>(PostgresFixture.FastSettings, StringComparer.Ordinal) { ["max_connections"] = "2", ["superuser_reserved_connections"] = "0" };
        await using var first = await EmbeddedPostgres.StartAsync(Folder, NullLogger.Instance, settings);
        var text = new NpgsqlConnectionStringBuilder(first.ConnectionString) { Pooling = false }.ConnectionString;
        await using var one = new NpgsqlConnection(text);
        await OpenWhenFreeAsync(one);
        await using var two = new NpgsqlConnection(text);
        await OpenWhenFreeAsync(two);

        var joining = StartAsync(Folder);
        (await Task.WhenAny(joining, Task.Delay(TimeSpan.FromSeconds(1)))).ShouldNotBe(joining);
        await one.CloseAsync();
        await two.CloseAsync();

        await using var second = await joining;
        await ExecuteAsync(second, "SELECT 1");
    }

    /// <summary>The connection by which the start saw that the server answers may still be ending.</summary>
    private static async Task OpenWhenFreeAsync(NpgsqlConnection connection)
    {
        while (connection.State != System.Data.ConnectionState.Open)
        {
            try
            {
                await connection.OpenAsync();
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.TooManyConnections)
            {
                await Task.Delay(20);
            }
        }
    }

    [Fact]
    public async Task Half_made_cluster_is_made_anew()
    {
        await (await StartAsync(Folder)).DisposeAsync();
        Directory.Move(Path.Combine(Folder, "data"), Path.Combine(Folder, "data.new"));

        await using var postgres = await StartAsync(Folder);
        await ExecuteAsync(postgres, "SELECT 1");
    }

    [Fact]
    public async Task Path_too_long_for_a_socket_gets_a_short_socket_elsewhere()
    {
        var folder = Path.Combine(_root, string.Join('/', Enumerable.Repeat("a folder with a long name, and 'quotes'", 3)), "postgres");
        string socket;
        await using (var postgres = await StartAsync(folder))
        {
            await ExecuteAsync(postgres, "SELECT 1");
            socket = new DirectoryInfo(Path.Combine(folder, "socket")).LinkTarget!;
            Directory.Exists(socket).ShouldBeTrue();
        }
        Directory.Delete(socket);

        // As after a reboot, which empties the temporary folder.
        await using var again = await StartAsync(folder);
        await ExecuteAsync(again, "SELECT 1");
        Directory.Delete(new DirectoryInfo(Path.Combine(folder, "socket")).LinkTarget!, recursive: true);
    }

    [Theory]
    [InlineData("with, comma")]
    [InlineData(@"with \back slash and 'quotes'")]
    public async Task Folder_may_have_a_comma_or_a_backslash_in_its_name(string name)
    {
        var folder = Path.Combine(_root, name, "postgres");
        await using (var postgres = await StartAsync(folder)) await ExecuteAsync(postgres, "CREATE TABLE kept AS SELECT 42 AS answer");
        await using (var again = await StartAsync(folder)) (await ExecuteAsync(again, "SELECT answer FROM kept")).ShouldBe(42);
        if (new DirectoryInfo(Path.Combine(folder, "socket")).LinkTarget is { } elsewhere) Directory.Delete(elsewhere, recursive: true);
    }

    [Fact]
    public async Task Where_the_system_does_not_tell_where_a_process_works_its_name_decides()
    {
        await using var postgres = await StartAsync(Folder);

        ServerProcess.IsNamed(ServerPid(Folder)!.Value).ShouldBeTrue();
        ServerProcess.IsNamed(Environment.ProcessId).ShouldBeFalse();
        ServerProcess.IsNamed(int.MaxValue).ShouldBeFalse();
    }

    [RootFact]
    public async Task Folder_that_the_servers_account_cannot_reach_becomes_a_link()
    {
        File.SetUnixFileMode(_root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        string place;
        await using (var postgres = await StartAsync(Folder))
        {
            await ExecuteAsync(postgres, "CREATE TABLE kept AS SELECT 42 AS answer");
            place = new DirectoryInfo(Folder).LinkTarget!;
            place.ShouldStartWith("/var/lib/neural-capacitance/");
        }
        await using (var again = await StartAsync(Folder)) (await ExecuteAsync(again, "SELECT answer FROM kept")).ShouldBe(42);
        Directory.Delete(place, recursive: true);
    }

    [Fact]
    public async Task Cluster_of_a_version_that_is_not_installed_is_refused_with_a_remedy()
    {
        await (await StartAsync(Folder)).DisposeAsync();
        await File.WriteAllTextAsync(Path.Combine(Folder, "data", "PG_VERSION"), "9\n");

        var refusal = await Should.ThrowAsync<EmbeddedPostgresException>(() => StartAsync(Folder));

        refusal.Message.ShouldContain("made by PostgreSQL 9");
        refusal.Message.ShouldContain("Install PostgreSQL 9");
    }

    [Fact]
    public async Task Server_that_does_not_start_says_why()
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["shared_buffers"] = "not a size" };
        var failure = await Should.ThrowAsync<EmbeddedPostgresException>(() => EmbeddedPostgres.StartAsync(Folder, NullLogger.Instance, settings));
        failure.Message.ShouldContain("invalid value for parameter \"shared_buffers\"");
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Service_that_is_told_to_stop_stops_its_server(string signal)
    {
        using var service = await StartServiceAsync();
        var server = ServerPid(Folder).ShouldNotBeNull();

        await service.SignalAsync(signal);
        await service.WaitForExitAsync();

        service.ExitCode.ShouldBe(0);
        ServerPid(Folder).ShouldBeNull();
        await ShouldEndAsync(server);
    }

    [Fact]
    public async Task Server_of_a_killed_service_is_taken_over_and_then_stopped()
    {
        using var service = await StartServiceAsync();
        var server = ServerPid(Folder).ShouldNotBeNull();
        await service.SignalAsync("KILL");
        await service.WaitForExitAsync();
        ServerPid(Folder).ShouldBe(server);

        await using (await StartAsync(Folder)) ServerPid(Folder).ShouldBe(server);

        ServerPid(Folder).ShouldBeNull();
        await ShouldEndAsync(server);
    }

    private static Task<EmbeddedPostgres> StartAsync(string folder) => EmbeddedPostgres.StartAsync(folder, NullLogger.Instance, PostgresFixture.FastSettings);

    private async Task<Process> StartServiceAsync()
    {
        var service = Process.Start("dotnet", [typeof(Program).Assembly.Location, "embedded", _root]);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!File.Exists(Path.Combine(_root, "ready")))
        {
            service.HasExited.ShouldBeFalse();
            await Task.Delay(50, patience.Token);
        }
        return service;
    }

    /// <summary>Null: no server, and it left in good order.</summary>
    private static int? ServerPid(string folder)
    {
        var file = Path.Combine(folder, "data", "postmaster.pid");
        return File.Exists(file) ? int.Parse(File.ReadLines(file).First(), CultureInfo.InvariantCulture) : null;
    }

    private static async Task KillAsync(int pid)
    {
        using (var server = Process.GetProcessById(pid)) server.Kill();
        await ShouldEndAsync(pid);
    }

    private static async Task ShouldEndAsync(int pid)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (IsAlive(pid)) await Task.Delay(10, patience.Token);
    }

    /// <summary>A process that has ended stays listed until its parent asks; in a container that may be never.</summary>
    private static bool IsAlive(int pid)
    {
        var status = $"/proc/{pid}/status";
        return File.Exists(status) && !File.ReadLines(status).Any(line => line.StartsWith("State:", StringComparison.Ordinal) && line.Contains('Z', StringComparison.Ordinal));
    }

    /// <summary>Once the server answers.</summary>
    private static async Task<object?> AnswerAsync(EmbeddedPostgres postgres, string sql)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            try
            {
                return await ExecuteAsync(postgres, sql);
            }
            catch (NpgsqlException) when (!patience.IsCancellationRequested)
            {
                await Task.Delay(50);
            }
        }
    }

    private static async Task<object?> ExecuteAsync(EmbeddedPostgres postgres, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
