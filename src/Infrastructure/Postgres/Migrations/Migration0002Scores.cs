using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace NeuralCapacitance.Infrastructure.Postgres.Migrations;

/// <summary>What is measured of a trial's backbone before any training.</summary>
[DbContext(typeof(ServiceDbContext))]
[Migration("20261124000200_Scores")]
internal sealed class Migration0002Scores : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        CREATE TABLE trial_scores (
            trial_id uuid NOT NULL,
            name text NOT NULL,
            value double precision,
            reason text,
            seconds double precision NOT NULL,
            CONSTRAINT pk_trial_scores PRIMARY KEY (trial_id, name),
            CONSTRAINT fk_trial_scores_trial FOREIGN KEY (trial_id) REFERENCES trials (id) ON DELETE CASCADE
        );
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("DROP TABLE trial_scores;");
}
