namespace NeuralCapacitance.Domain.Access;

/// <summary>Who sends a request.</summary>
/// <param name="Owner">
/// What is submitted belongs to it: <c>key:NAME</c>, <c>user:SUBJECT</c> of a company's sign-on, or <see cref="LocalOwner"/>. Stays the same when a key is rotated.
/// </param>
/// <param name="Name">To be shown.</param>
public sealed record Caller(string Owner, string Name, Role Role)
{
    /// <summary>Of all that is submitted without a key, and of what was there before keys were.</summary>
    public const string LocalOwner = "local";

    /// <summary>Who reaches a service that knows no keys on the machine that it runs on.</summary>
    public static Caller Local { get; } = new(LocalOwner, "local", Role.Admin);

    public bool May(Role needed) => Role >= needed;

    /// <summary>Whether the caller is shown what belongs to the owner.</summary>
    public bool Sees(string owner, Isolation isolation) => isolation == Isolation.Team || May(Role.Operate) || IsOwner(owner);

    /// <summary>Whether the caller may change or remove what belongs to the owner.</summary>
    public bool MayChange(string owner) => May(Role.Operate) || (May(Role.Submit) && IsOwner(owner));

    /// <summary>Whose things a listing shows; null: everybody's.</summary>
    public string? Only(Isolation isolation) => isolation == Isolation.Team || May(Role.Operate) ? null : Owner;

    private bool IsOwner(string owner) => string.Equals(Owner, owner, StringComparison.Ordinal);
}
