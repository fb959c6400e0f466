using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace NeuralCapacitance.Infrastructure.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "jobs",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    sequence = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                    state = table.Column<string>(type: "text", nullable: false),
                    priority = table.Column<int>(type: "integer", nullable: false),
                    finalizes = table.Column<Guid>(type: "uuid", nullable: true),
                    given_spec = table.Column<string>(type: "jsonb", nullable: false),
                    spec = table.Column<string>(type: "jsonb", nullable: false),
                    failure_code = table.Column<string>(type: "text", nullable: true),
                    failure_message = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    finished_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_jobs", x => x.id);
                    table.CheckConstraint("ck_jobs_state", "state IN ('queued', 'running', 'succeeded', 'failed', 'cancelling', 'cancelled')");
                    table.ForeignKey(
                        name: "fk_jobs_finalizes",
                        column: x => x.finalizes,
                        principalTable: "jobs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "decisions",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                    job_id = table.Column<Guid>(type: "uuid", nullable: false),
                    round = table.Column<int>(type: "integer", nullable: false),
                    candidate_index = table.Column<int>(type: "integer", nullable: false),
                    action = table.Column<string>(type: "text", nullable: false),
                    repeat = table.Column<int>(type: "integer", nullable: true),
                    is_leader = table.Column<bool>(type: "boolean", nullable: false),
                    probability_best = table.Column<double>(type: "double precision", nullable: true),
                    predicted_accuracy = table.Column<double>(type: "double precision", nullable: true),
                    interval_low = table.Column<double>(type: "double precision", nullable: true),
                    interval_high = table.Column<double>(type: "double precision", nullable: true),
                    expected_regret = table.Column<double>(type: "double precision", nullable: true),
                    reason = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_decisions", x => x.id);
                    table.CheckConstraint("ck_decisions_action", "action IN ('dropped', 'kept', 'stopped', 'promoted')");
                    table.ForeignKey(
                        name: "fk_decisions_job",
                        column: x => x.job_id,
                        principalTable: "jobs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "idempotency_keys",
                columns: table => new
                {
                    key = table.Column<string>(type: "text", nullable: false),
                    request_hash = table.Column<string>(type: "text", nullable: false),
                    job_id = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_idempotency_keys", x => x.key);
                    table.ForeignKey(
                        name: "fk_idempotency_keys_job",
                        column: x => x.job_id,
                        principalTable: "jobs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "trials",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    job_id = table.Column<Guid>(type: "uuid", nullable: false),
                    candidate_index = table.Column<int>(type: "integer", nullable: false),
                    candidate = table.Column<string>(type: "text", nullable: false),
                    repeat = table.Column<int>(type: "integer", nullable: false),
                    seed = table.Column<long>(type: "bigint", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    attempt = table.Column<int>(type: "integer", nullable: false),
                    lease_owner = table.Column<string>(type: "text", nullable: true),
                    signal = table.Column<string>(type: "text", nullable: true),
                    paused_attempt = table.Column<int>(type: "integer", nullable: true),
                    epochs_done = table.Column<int>(type: "integer", nullable: false),
                    epochs_target = table.Column<int>(type: "integer", nullable: false),
                    device = table.Column<string>(type: "text", nullable: true),
                    notes = table.Column<string[]>(type: "text[]", nullable: false),
                    failure_code = table.Column<string>(type: "text", nullable: true),
                    failure_message = table.Column<string>(type: "text", nullable: true),
                    weights_path = table.Column<string>(type: "text", nullable: true),
                    weights_sha256 = table.Column<string>(type: "text", nullable: true),
                    weights_bytes = table.Column<long>(type: "bigint", nullable: true),
                    dataset_hash = table.Column<string>(type: "text", nullable: true),
                    software = table.Column<string>(type: "jsonb", nullable: true),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    finished_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_trials", x => x.id);
                    table.CheckConstraint("ck_trials_state", "state IN ('queued', 'running', 'paused', 'succeeded', 'failed', 'dropped', 'cancelled')");
                    table.ForeignKey(
                        name: "fk_trials_job",
                        column: x => x.job_id,
                        principalTable: "jobs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "observations",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                    job_id = table.Column<Guid>(type: "uuid", nullable: false),
                    trial_id = table.Column<Guid>(type: "uuid", nullable: false),
                    epoch = table.Column<int>(type: "integer", nullable: false),
                    beta_eff = table.Column<double>(type: "double precision", nullable: true),
                    beta_squared = table.Column<double>(type: "double precision", nullable: true),
                    beta_per_sample = table.Column<double>(type: "double precision", nullable: true),
                    beta_signed = table.Column<double>(type: "double precision", nullable: true),
                    validation_accuracy = table.Column<double>(type: "double precision", nullable: false),
                    validation_loss = table.Column<double>(type: "double precision", nullable: false),
                    validation_count = table.Column<int>(type: "integer", nullable: false),
                    train_accuracy = table.Column<double>(type: "double precision", nullable: true),
                    train_loss = table.Column<double>(type: "double precision", nullable: true),
                    test_accuracy = table.Column<double>(type: "double precision", nullable: true),
                    train_seconds = table.Column<double>(type: "double precision", nullable: false),
                    beta_seconds = table.Column<double>(type: "double precision", nullable: false),
                    validation_seconds = table.Column<double>(type: "double precision", nullable: false),
                    attempt = table.Column<int>(type: "integer", nullable: false),
                    recorded_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_observations", x => x.id);
                    table.ForeignKey(
                        name: "fk_observations_job",
                        column: x => x.job_id,
                        principalTable: "jobs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_observations_trial",
                        column: x => x.trial_id,
                        principalTable: "trials",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "trial_scores",
                columns: table => new
                {
                    trial_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    value = table.Column<double>(type: "double precision", nullable: true),
                    reason = table.Column<string>(type: "text", nullable: true),
                    seconds = table.Column<double>(type: "double precision", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_trial_scores", x => new { x.trial_id, x.name });
                    table.ForeignKey(
                        name: "fk_trial_scores_trial",
                        column: x => x.trial_id,
                        principalTable: "trials",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_decisions_job_id",
                table: "decisions",
                columns: new[] { "job_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ux_decisions_job_round_candidate",
                table: "decisions",
                columns: new[] { "job_id", "round", "candidate_index" },
                unique: true,
                filter: "action <> 'promoted'");

            migrationBuilder.CreateIndex(
                name: "ix_idempotency_keys_created_at",
                table: "idempotency_keys",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "ix_idempotency_keys_job_id",
                table: "idempotency_keys",
                column: "job_id");

            migrationBuilder.CreateIndex(
                name: "ix_jobs_finalizes",
                table: "jobs",
                column: "finalizes");

            migrationBuilder.CreateIndex(
                name: "ix_jobs_finished_full",
                table: "jobs",
                column: "sequence",
                filter: "state = 'succeeded' AND spec -> 'selection' ->> 'mode' = 'full'");

            migrationBuilder.CreateIndex(
                name: "ix_jobs_state_sequence",
                table: "jobs",
                columns: new[] { "state", "sequence" });

            migrationBuilder.CreateIndex(
                name: "ux_jobs_sequence",
                table: "jobs",
                column: "sequence",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_observations_job_id",
                table: "observations",
                columns: new[] { "job_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ux_observations_trial_epoch",
                table: "observations",
                columns: new[] { "trial_id", "epoch" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_trials_active",
                table: "trials",
                column: "state",
                filter: "state IN ('queued', 'running', 'paused')");

            migrationBuilder.CreateIndex(
                name: "ux_trials_job_candidate_repeat",
                table: "trials",
                columns: new[] { "job_id", "candidate_index", "repeat" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "decisions");

            migrationBuilder.DropTable(
                name: "idempotency_keys");

            migrationBuilder.DropTable(
                name: "observations");

            migrationBuilder.DropTable(
                name: "trial_scores");

            migrationBuilder.DropTable(
                name: "trials");

            migrationBuilder.DropTable(
                name: "jobs");
        }
    }
}
