using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace NeuralCapacitance.Infrastructure.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class OwnerTurns : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "owner_turns",
                columns: table => new
                {
                    owner = table.Column<string>(type: "text", nullable: false),
                    turn = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_owner_turns", x => x.owner);
                });

            migrationBuilder.CreateIndex(
                name: "ix_trials_queued",
                table: "trials",
                columns: new[] { "job_id", "repeat", "candidate_index" },
                filter: "state = 'queued'");

            migrationBuilder.CreateIndex(
                name: "ix_jobs_open",
                table: "jobs",
                columns: new[] { "priority", "owner", "sequence" },
                filter: "state IN ('queued', 'running')")
                .Annotation("Npgsql:IndexInclude", new[] { "id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "owner_turns");

            migrationBuilder.DropIndex(
                name: "ix_trials_queued",
                table: "trials");

            migrationBuilder.DropIndex(
                name: "ix_jobs_open",
                table: "jobs");
        }
    }
}
