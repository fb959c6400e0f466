using System.Globalization;
using System.Net.Mime;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace NeuralCapacitance.Api.Metrics;

/// <summary>What <c>/metrics</c> tells, in one of Prometheus' formats, as it was at one moment.</summary>
internal sealed class MetricsSample
{
    public const string OpenMetrics = "application/openmetrics-text";

    private const string AgeHeader =
        "# TYPE neuralcapacitance_sample_age_seconds gauge\n# HELP neuralcapacitance_sample_age_seconds Since what is told here was taken down\nneuralcapacitance_sample_age_seconds ";

    private static readonly byte[] EndOfOpenMetrics = "# EOF\n"u8.ToArray();

    private readonly string _contentType;
    private readonly ReadOnlyMemory<byte> _series;
    private readonly ReadOnlyMemory<byte> _end;
    private readonly long _takenAt;

    /// <param name="takenAt">Of the clock that <see cref="WriteAsync"/> is given.</param>
    public MetricsSample(string contentType, ReadOnlyMemory<byte> body, long takenAt)
    {
        (_contentType, _takenAt) = (contentType, takenAt);
        _end = body.Span.EndsWith(EndOfOpenMetrics) ? EndOfOpenMetrics : ReadOnlyMemory<byte>.Empty;
        _series = body[..^_end.Length];
    }

    /// <summary>Plain text unless the scraper asks for OpenMetrics, as the exporter has it.</summary>
    public static bool IsOpenMetricsAsked(HttpRequest request)
        => request.GetTypedHeaders().Accept.Any(type => type.MediaType.Equals(OpenMetrics, StringComparison.OrdinalIgnoreCase) && type.Quality is not 0);

    /// <summary>As it was taken down, and how long ago that was.</summary>
    public async Task WriteAsync(HttpResponse response, TimeProvider clock, CancellationToken cancellationToken)
    {
        var age = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{AgeHeader}{clock.GetElapsedTime(_takenAt).TotalSeconds:0.###}\n"));
        response.ContentType = _contentType;
        response.ContentLength = _series.Length + age.Length + _end.Length;
        response.Headers[HeaderNames.CacheControl] = "no-store";
        await response.Body.WriteAsync(_series, cancellationToken);
        await response.Body.WriteAsync(age, cancellationToken);
        await response.Body.WriteAsync(_end, cancellationToken);
    }
}
