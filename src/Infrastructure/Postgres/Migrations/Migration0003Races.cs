using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace NeuralCapacitance.Infrastructure.Postgres.Migrations;

/// <summary>What races decide, and trials that wait between rounds or are dropped.</summary>
[DbContext(typeof(ServiceDbContext))]
[Migration("20261124000300_Races")]
internal sealed class Migration0003Races : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        ALTER TABLE trials DROP CONSTRAINT ck_trials_state;
        ALTER TABLE trials ADD CONSTRAINT ck_trials_state CHECK (state IN ('queued', 'running', 'paused', 'succeeded', 'failed', 'dropped', 'cancelled'));
        ALTER TABLE trials ADD COLUMN paused_attempt integer;
        DROP INDEX ix_trials_active;
        CREATE INDEX ix_trials_active ON trials (state) WHERE state IN ('queued', 'running', 'paused');

        CREATE TABLE decisions (
            id bigint GENERATED ALWAYS AS IDENTITY,
            job_id uuid NOT NULL,
            round integer NOT NULL,
            candidate_index integer NOT NULL,
            action text NOT NULL,
            repeat integer,
            is_leader boolean NOT NULL,
            probability_best double precision,
            predicted_accuracy double precision,
            interval_low double precision,
            interval_high double precision,
            expected_regret double precision,
            reason text NOT NULL,
            created_at timestamptz NOT NULL,
            CONSTRAINT pk_decisions PRIMARY KEY (id),
            CONSTRAINT fk_decisions_job FOREIGN KEY (job_id) REFERENCES jobs (id) ON DELETE CASCADE,
            CONSTRAINT ck_decisions_action CHECK (action IN ('dropped', 'kept', 'stopped', 'promoted'))
        );
        CREATE UNIQUE INDEX ux_decisions_job_round_candidate ON decisions (job_id, round, candidate_index) WHERE action <> 'promoted';
        CREATE INDEX ix_decisions_job_id ON decisions (job_id, id);
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        DROP TABLE decisions;
        DROP INDEX ix_trials_active;
        CREATE INDEX ix_trials_active ON trials (state) WHERE state IN ('queued', 'running');
        ALTER TABLE trials DROP COLUMN paused_attempt;
        ALTER TABLE trials DROP CONSTRAINT ck_trials_state;
        UPDATE trials SET state = 'cancelled' WHERE state IN ('paused', 'dropped');
        ALTER TABLE trials ADD CONSTRAINT ck_trials_state CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled'));
        """);
}
