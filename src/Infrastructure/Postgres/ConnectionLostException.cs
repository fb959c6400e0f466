using System.Data.Common;

namespace NeuralCapacitance.Infrastructure.Postgres;

/// <summary>The connection to the database was lost in the middle of a transaction: nothing of it took effect, and it may be tried again.</summary>
public sealed class ConnectionLostException() : DbException("The connection to the database was lost in the middle of a transaction.")
{
    public override bool IsTransient => true;
}
