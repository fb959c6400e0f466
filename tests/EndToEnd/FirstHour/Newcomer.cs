using System.Diagnostics;
using System.Text.RegularExpressions;
using NeuralCapacitance.EndToEnd.Processes;
using SkiaSharp;

namespace NeuralCapacitance.EndToEnd.FirstHour;

/// <summary>Somebody who has just started <c>./run</c>, whose example job has ended, and who has a folder of images.</summary>
public sealed partial class Newcomer : IAsyncLifetime
{
    private const int ImagesOfAClass = 30, Side = 40;

    private static readonly (string Name, SKColor Colour)[] Classes = [("apples", SKColors.Crimson), ("limes", SKColors.LimeGreen), ("plums", SKColors.Indigo)];

    private readonly TemporaryFolder _folder = new();
    private ServiceProcess? _run;

    /// <summary>Where the page is.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>The job that <c>./run</c> ran.</summary>
    public Guid Example { get; private set; }

    /// <summary>The images: a folder for each class.</summary>
    public string Images => _folder.PathOf("Fruit of 2026");

    public string PathOf(string relative) => _folder.PathOf(relative);

    public async Task InitializeAsync()
    {
        WriteImages();
        // The pictures of the documents show the example that ./run runs; a test needs one that is over sooner.
        var example = Environment.GetEnvironmentVariable("FIRST_HOUR_EXAMPLE") is { } file ? await File.ReadAllTextAsync(file) : Specs.Small;
        await File.WriteAllTextAsync(_folder.PathOf("example.json"), example);
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Storage__Root"] = _folder.PathOf("data"), ["Worker__Threads"] = "1", ["OMP_NUM_THREADS"] = "1", ["DOTNET_EnableDiagnostics"] = "0",
        };
        _run = ServiceProcess.Start("run", "Api", ["run", "--port", "0", "--spec", _folder.PathOf("example.json")], settings, _folder.Path);
        var page = PageOfJob().Match(await _run.SaysAsync("Watch it at"));
        (Address, Example) = (new Uri(page.Groups["address"].Value), Guid.Parse(page.Groups["job"].Value));
        await _run.SaysAsync("Swagger UI");
    }

    public async Task DisposeAsync()
    {
        if (_run is not null)
        {
            if (!_run.HasEnded) _run.Send(Signal.Terminate);
            await _run.EndsAsync();
            await _run.DisposeAsync();
        }

        _folder.Dispose();
    }

    /// <summary>Runs <c>neural-capacitance</c> to its end.</summary>
    internal Task<Ended> CommandAsync(params string[] arguments) => RunAsync("dotnet", _folder.Path, [Repository.Program("CommandLine"), .. arguments]);

    /// <summary>Runs any program to its end.</summary>
    internal async Task<Ended> RunAsync(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["NEURAL_CAPACITANCE_URL"] = Address.ToString();
        using var process = Process.Start(start)!;
        var (output, notes) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return new(process.ExitCode, await output, await notes);
    }

    private void WriteImages()
    {
        var random = new Random(1);
        foreach (var (name, colour) in Classes)
        {
            Directory.CreateDirectory(Path.Combine(Images, name));
            for (var i = 0; i < ImagesOfAClass; i++) File.WriteAllBytes(Path.Combine(Images, name, $"{i:00}.png"), Fruit(colour, random));
        }
    }

    /// <summary>A disc of about that colour, somewhere, on a grey ground.</summary>
    private static byte[] Fruit(SKColor colour, Random random)
    {
        using var picture = new SKBitmap(Side, Side);
        using var canvas = new SKCanvas(picture);
        colour.ToHsl(out var hue, out var saturation, out var light);
        using var paint = new SKPaint { Color = SKColor.FromHsl((hue + random.Next(-25, 26) + 360) % 360, saturation, Math.Clamp(light + random.Next(-15, 16), 0, 100)), IsAntialias = true };
        canvas.Clear(SKColor.FromHsl(0, 0, random.Next(20, 90)));
        canvas.DrawCircle(random.Next(12, 28), random.Next(12, 28), random.Next(6, 14), paint);
        using var png = picture.Encode(SKEncodedImageFormat.Png, quality: 100);
        return png.ToArray();
    }

    [GeneratedRegex(@"(?<address>http://127\.0\.0\.1:[0-9]+/)#/jobs/(?<job>[0-9a-f-]{36})", RegexOptions.NonBacktracking)]
    private static partial Regex PageOfJob();
}

/// <summary>A program that has run.</summary>
internal sealed record Ended(int Code, string Output, string Notes);
