using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace NeuralCapacitance.Infrastructure.Postgres.Migrations;

/// <summary>Jobs that train a candidate of another to the end, digests of saved weights, and epochs without a β_eff.</summary>
[DbContext(typeof(ServiceDbContext))]
[Migration("20261124000400_Finalizations")]
internal sealed class Migration0004Finalizations : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        ALTER TABLE jobs ADD COLUMN finalizes uuid CONSTRAINT fk_jobs_finalizes REFERENCES jobs (id) ON DELETE CASCADE;
        CREATE INDEX ix_jobs_finalizes ON jobs (finalizes);
        ALTER TABLE trials ADD COLUMN weights_sha256 text, ADD COLUMN weights_bytes bigint;
        ALTER TABLE observations ALTER COLUMN beta_eff DROP NOT NULL;
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        DELETE FROM jobs WHERE finalizes IS NOT NULL;
        ALTER TABLE observations ALTER COLUMN beta_eff SET NOT NULL;
        ALTER TABLE trials DROP COLUMN weights_sha256, DROP COLUMN weights_bytes;
        ALTER TABLE jobs DROP COLUMN finalizes;
        """);
}
