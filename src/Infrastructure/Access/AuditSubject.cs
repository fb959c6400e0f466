namespace NeuralCapacitance.Infrastructure.Access;

/// <summary>What the audit calls the things that something is done to.</summary>
public static class AuditSubject
{
    public static string Job(Guid id) => $"job:{id}";

    public static string Dataset(string name) => $"dataset:{name}";

    public static string Key(string name) => $"key:{name}";

    public static string Worker(string id) => $"worker:{id}";

    public static string Delivery(Guid id) => $"delivery:{id}";
}
