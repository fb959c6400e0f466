using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace NeuralCapacitance.Infrastructure.Postgres.Migrations;

/// <summary>When the worker that holds a lease last gave a sign of life.</summary>
[DbContext(typeof(ServiceDbContext))]
[Migration("20261129000600_LeaseSigns")]
internal sealed class Migration0006LeaseSigns : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("ALTER TABLE trials ADD COLUMN lease_seen_at timestamptz;");

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("ALTER TABLE trials DROP COLUMN lease_seen_at;");
}
