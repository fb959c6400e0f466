using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace NeuralCapacitance.Infrastructure.Postgres.Migrations;

/// <summary>Finished <c>full</c> jobs are found without a look at all the others: every ranking asks which there are.</summary>
[DbContext(typeof(ServiceDbContext))]
[Migration("20261124000500_FinishedJobs")]
internal sealed class Migration0005FinishedJobs : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        CREATE INDEX ix_jobs_finished_full ON jobs (sequence) WHERE state = 'succeeded' AND spec -> 'selection' ->> 'mode' = 'full';
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("DROP INDEX ix_jobs_finished_full;");
}
