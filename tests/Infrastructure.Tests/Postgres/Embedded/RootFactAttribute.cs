namespace NeuralCapacitance.Infrastructure.Tests.Postgres.Embedded;

/// <summary>A test of what the service does when it runs as root.</summary>
public sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute()
    {
        if (!Environment.IsPrivilegedProcess) Skip = "Needs to run as root.";
    }
}
