using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace NeuralCapacitance.Infrastructure.Postgres.Migrations;

/// <summary>Jobs, trials, observations and Idempotency-Keys.</summary>
[DbContext(typeof(ServiceDbContext))]
[Migration("20261123000000_Initial")]
internal sealed class Migration0001Initial : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        CREATE TABLE jobs (
            id uuid NOT NULL,
            sequence bigint GENERATED ALWAYS AS IDENTITY,
            state text NOT NULL,
            priority integer NOT NULL,
            given_spec jsonb NOT NULL,
            spec jsonb NOT NULL,
            failure_code text,
            failure_message text,
            created_at timestamptz NOT NULL,
            started_at timestamptz,
            finished_at timestamptz,
            version bigint NOT NULL,
            CONSTRAINT pk_jobs PRIMARY KEY (id),
            CONSTRAINT ck_jobs_state CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelling', 'cancelled'))
        );
        CREATE UNIQUE INDEX ux_jobs_sequence ON jobs (sequence);
        CREATE INDEX ix_jobs_state_sequence ON jobs (state, sequence);

        CREATE TABLE trials (
            id uuid NOT NULL,
            job_id uuid NOT NULL,
            candidate_index integer NOT NULL,
            candidate text NOT NULL,
            repeat integer NOT NULL,
            seed bigint NOT NULL,
            state text NOT NULL,
            attempt integer NOT NULL,
            lease_owner text,
            signal text,
            epochs_done integer NOT NULL,
            epochs_target integer NOT NULL,
            device text,
            notes text[] NOT NULL,
            failure_code text,
            failure_message text,
            weights_path text,
            dataset_hash text,
            software jsonb,
            started_at timestamptz,
            finished_at timestamptz,
            CONSTRAINT pk_trials PRIMARY KEY (id),
            CONSTRAINT fk_trials_job FOREIGN KEY (job_id) REFERENCES jobs (id) ON DELETE CASCADE,
            CONSTRAINT ck_trials_state CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled'))
        );
        CREATE UNIQUE INDEX ux_trials_job_candidate_repeat ON trials (job_id, candidate_index, repeat);
        CREATE INDEX ix_trials_active ON trials (state) WHERE state IN ('queued', 'running');

        CREATE TABLE observations (
            id bigint GENERATED ALWAYS AS IDENTITY,
            job_id uuid NOT NULL,
            trial_id uuid NOT NULL,
            epoch integer NOT NULL,
            beta_eff double precision NOT NULL,
            beta_squared double precision,
            beta_per_sample double precision,
            beta_signed double precision,
            validation_accuracy double precision NOT NULL,
            validation_loss double precision NOT NULL,
            validation_count integer NOT NULL,
            train_accuracy double precision,
            train_loss double precision,
            test_accuracy double precision,
            train_seconds double precision NOT NULL,
            beta_seconds double precision NOT NULL,
            validation_seconds double precision NOT NULL,
            attempt integer NOT NULL,
            recorded_at timestamptz NOT NULL,
            CONSTRAINT pk_observations PRIMARY KEY (id),
            CONSTRAINT fk_observations_job FOREIGN KEY (job_id) REFERENCES jobs (id) ON DELETE CASCADE,
            CONSTRAINT fk_observations_trial FOREIGN KEY (trial_id) REFERENCES trials (id) ON DELETE CASCADE
        );
        CREATE UNIQUE INDEX ux_observations_trial_epoch ON observations (trial_id, epoch);
        CREATE INDEX ix_observations_job_id ON observations (job_id, id);

        CREATE TABLE idempotency_keys (
            key text NOT NULL,
            request_hash text NOT NULL,
            job_id uuid NOT NULL,
            created_at timestamptz NOT NULL,
            CONSTRAINT pk_idempotency_keys PRIMARY KEY (key),
            CONSTRAINT fk_idempotency_keys_job FOREIGN KEY (job_id) REFERENCES jobs (id) ON DELETE CASCADE
        );
        CREATE INDEX ix_idempotency_keys_job_id ON idempotency_keys (job_id);
        CREATE INDEX ix_idempotency_keys_created_at ON idempotency_keys (created_at);
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        "DROP TABLE idempotency_keys, observations, trials, jobs;");
}
