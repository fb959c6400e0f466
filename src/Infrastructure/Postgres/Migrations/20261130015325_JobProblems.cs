using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace NeuralCapacitance.Infrastructure.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class JobProblems : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string[]>(
                name: "problems",
                table: "jobs",
                type: "text[]",
                nullable: false,
                defaultValueSql: "'{}'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "problems",
                table: "jobs");
        }
    }
}
