using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace NeuralCapacitance.Infrastructure.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class TestCount : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "test_count",
                table: "observations",
                type: "integer",
                nullable: false,
                defaultValue: 0);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "test_count",
                table: "observations");
        }
    }
}
