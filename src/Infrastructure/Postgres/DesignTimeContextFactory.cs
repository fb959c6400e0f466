using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace NeuralCapacitance.Infrastructure.Postgres;

/// <summary>For <c>dotnet ef</c>, which runs no host. It compares models without a database; a command that needs one takes <c>--connection</c>.</summary>
internal sealed class DesignTimeContextFactory : IDesignTimeDbContextFactory<ServiceDbContext>
{
    public ServiceDbContext CreateDbContext(string[] args) => new(new DbContextOptionsBuilder<ServiceDbContext>().UseNpgsql().Options);
}
