namespace NeuralCapacitance.Api.Problems;

/// <summary>One kind of error of the HTTP interface (RFC 9457). Its <see cref="Uri"/> never changes, so a client may branch on it.</summary>
/// <param name="Slug">Last part of the URI.</param>
/// <param name="Status">The HTTP status it always comes with.</param>
/// <param name="Title">The same for every occurrence.</param>
/// <param name="Advice">What a client should do about it; shown to whoever opens the URI.</param>
public sealed record ProblemType(string Slug, int Status, string Title, string Advice)
{
    /// <summary>The <c>type</c> member, relative to the service; a GET on it describes the problem.</summary>
    public string Uri => $"/problems/{Slug}";
}
