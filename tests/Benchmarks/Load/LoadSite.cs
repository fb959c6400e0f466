using Microsoft.Extensions.Logging.Abstractions;
using NeuralCapacitance.Infrastructure.Postgres.Embedded;

namespace NeuralCapacitance.Benchmarks.Load;

/// <summary>The service as users run it, in a process of its own on a private PostgreSQL, and a worker where one is asked for; on loopback, with every setting as it comes.</summary>
internal sealed class LoadSite : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nc-load-").FullName;
    private readonly List<ProgramProcess> _processes = [];
    private EmbeddedPostgres? _postgres;
    private Uri? _address;

    private LoadSite()
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_folder, (UnixFileMode)0b111_101_101);
    }

    public Uri Address => _address ?? throw new InvalidOperationException("The service is not started.");

    public string ConnectionString => _postgres?.ConnectionString ?? throw new InvalidOperationException("PostgreSQL is not started.");

    public static async Task<LoadSite> StartAsync(CancellationToken cancellationToken)
    {
        var site = new LoadSite();
        try
        {
            // The service joins the server that it finds in its folder.
            site._postgres = await EmbeddedPostgres.StartAsync(Path.Combine(site._folder, "postgres"), NullLogger.Instance, cancellationToken: cancellationToken);
            var service = site.Start("Api", "serve", "--urls=http://127.0.0.1:0", "--Worker:InProcess=false");
            const string listening = "Now listening on: ";
            var line = await service.SaysAsync(listening, cancellationToken);
            site._address = new(line[(line.IndexOf(listening, StringComparison.Ordinal) + listening.Length)..].Split(' ')[0]);
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    /// <summary>It is there when this returns; gone when it is disposed of.</summary>
    public async Task<ProgramProcess> StartWorkerAsync(int threads, CancellationToken cancellationToken)
    {
        var worker = Start("Worker", "--Worker:Device=cpu", $"--Worker:Threads={threads}");
        await worker.SaysAsync("Application started", cancellationToken);
        return worker;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes) process.Dispose();
        if (_postgres is not null) await _postgres.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private ProgramProcess Start(string project, params string[] arguments)
    {
        var process = ProgramProcess.Start(project, [.. arguments, $"--Storage:Root={_folder}", "--Downloads:Offline=true"]);
        _processes.Add(process);
        return process;
    }
}
