using System.Data.Common;

namespace NeuralCapacitance.Infrastructure.Postgres;

/// <summary>The connection to the database was lost in the middle of a transaction: nothing of it took effect, and it may be tried again.</summary>
public sealed class ConnectionLostException(Exception? inner = null) : DbException("The connection to the database was lost in the middle of a transaction.", inner)
{
    public override bool IsTransient => true;
}
