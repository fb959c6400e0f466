using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Options;

namespace NeuralCapacitance.Infrastructure.Webhooks;

/// <summary>What is sent once.</summary>
/// <param name="At">Of this attempt.</param>
internal sealed record WebhookMessage(Guid Delivery, Uri Url, string Body, DateTimeOffset At, IReadOnlyList<string> Secrets);

/// <param name="Status">Of the answer; null: there was none.</param>
/// <param name="Error">Null: it was delivered.</param>
internal sealed record WebhookAnswer(int? Status, string? Error)
{
    /// <summary>The receiver has said that it is gone for good.</summary>
    public bool IsFinal => Status == 410;
}

/// <summary>Sends one message, once, within the timeout. Whatever goes wrong is the answer.</summary>
internal sealed class WebhookSender(IHttpClientFactory clients, GuardedConnection connection, IOptions<WebhookOptions> options, TimeProvider clock)
{
    public const string ClientName = "webhooks";

    public async Task<WebhookAnswer> SendAsync(WebhookMessage message, CancellationToken cancellationToken)
    {
        var timeout = options.Value.Timeout;
        using var late = new CancellationTokenSource(timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            await connection.CheckAsync(message.Url, either.Token);
            using var request = RequestOf(message);
            using var client = clients.CreateClient(ClientName);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return await AnswerOfAsync(response, either.Token);
        }
        catch (Exception) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new(null, string.Create(CultureInfo.InvariantCulture, $"no answer within {timeout.TotalSeconds} s"));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException && !cancellationToken.IsCancellationRequested)
        {
            return new(null, AnswerText.Of((e is HttpRequestException { InnerException: AddressRefusedException refused } ? refused : e.GetBaseException()).Message));
        }
    }

    private static HttpRequestMessage RequestOf(WebhookMessage message)
    {
        var (id, timestamp) = (WebhookSignature.IdOf(message.Delivery), message.At.ToUnixTimeSeconds());
        return new HttpRequestMessage(HttpMethod.Post, message.Url)
        {
            Content = new StringContent(message.Body, Encoding.UTF8, MediaTypeHeaderValue.Parse("application/json")),
            Headers =
            {
                { "webhook-id", id },
                { "webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture) },
                { "webhook-signature", WebhookSignature.Of(id, timestamp, message.Body, message.Secrets) },
                { "User-Agent", "NeuralCapacitance" },
            },
        };
    }

    private static async Task<WebhookAnswer> AnswerOfAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        if (response.IsSuccessStatusCode) return new(status, null);
        if (status is >= 300 and < 400) return new(status, "it leads elsewhere, and redirects are not followed: give the address that it leads to");
        var said = await AnswerText.ReadAsync(response.Content, cancellationToken);
        return new(status, said.Length == 0 ? "(an empty answer)" : said);
    }
}
