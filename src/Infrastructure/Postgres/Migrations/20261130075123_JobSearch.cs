using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace NeuralCapacitance.Infrastructure.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class JobSearch : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "search_dataset",
                table: "jobs",
                type: "text",
                nullable: true,
                computedColumnSql: "lower((spec -> 'dataset' ->> 'name') COLLATE \"und-x-icu\")",
                stored: true);

            migrationBuilder.AddColumn<string>(
                name: "search_folder",
                table: "jobs",
                type: "text",
                nullable: true,
                computedColumnSql: "lower((regexp_replace(rtrim(spec -> 'dataset' ->> 'path', '/'), '^.*/', '')) COLLATE \"und-x-icu\")",
                stored: true);

            migrationBuilder.AddColumn<string>(
                name: "search_name",
                table: "jobs",
                type: "text",
                nullable: true,
                computedColumnSql: "lower((spec ->> 'name') COLLATE \"und-x-icu\")",
                stored: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "search_dataset",
                table: "jobs");

            migrationBuilder.DropColumn(
                name: "search_folder",
                table: "jobs");

            migrationBuilder.DropColumn(
                name: "search_name",
                table: "jobs");
        }
    }
}
