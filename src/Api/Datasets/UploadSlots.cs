using Microsoft.Extensions.Options;
using NeuralCapacitance.Api.Hosting;
using NeuralCapacitance.Infrastructure.Uploads;

namespace NeuralCapacitance.Api.Datasets;

/// <summary>How many uploads are under way at once on this node, from the first byte to the data set.</summary>
internal sealed class UploadSlots(IOptions<UploadOptions> options)
{
    /// <summary>As long as one may keep its place that sends too little.</summary>
    public const int RetryAfterSeconds = 10;

    private readonly ClientSlots _slots = new(options.Value.MaxAtOnce, options.Value.MaxAtOncePerClient);

    public string Refusal
        => $"At most {options.Value.MaxAtOnce} uploads are under way at once ({UploadOptions.Section}:{nameof(UploadOptions.MaxAtOnce)}), {options.Value.MaxAtOncePerClient} of one client "
            + $"({nameof(UploadOptions.MaxAtOncePerClient)}). Try again in {RetryAfterSeconds} s.";

    /// <returns>To be disposed of when the upload has ended; null: there is no room.</returns>
    public IDisposable? TryEnter(HttpContext context) => _slots.TryEnter(ClientSlots.ClientOf(context));
}
