-- pg_dump (--inserts) of a database that the hand-written migrations made, on its last day (2026-11-29): a finished race, a selection with scores,
-- a failed trial and a finalization, and a job in the middle of a trial, with the queue's signals. Left out: comments, psql's commands, the machine's name.

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

SET default_tablespace = '';

SET default_table_access_method = heap;

CREATE TABLE public."__EFMigrationsHistory" (
    "MigrationId" character varying(150) NOT NULL,
    "ProductVersion" character varying(32) NOT NULL
);

CREATE TABLE public.decisions (
    id bigint NOT NULL,
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
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_decisions_action CHECK ((action = ANY (ARRAY['dropped'::text, 'kept'::text, 'stopped'::text, 'promoted'::text])))
);

ALTER TABLE public.decisions ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.decisions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.idempotency_keys (
    key text NOT NULL,
    request_hash text NOT NULL,
    job_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL
);

CREATE TABLE public.jobs (
    id uuid NOT NULL,
    sequence bigint NOT NULL,
    state text NOT NULL,
    priority integer NOT NULL,
    given_spec jsonb NOT NULL,
    spec jsonb NOT NULL,
    failure_code text,
    failure_message text,
    created_at timestamp with time zone NOT NULL,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    version bigint NOT NULL,
    finalizes uuid,
    CONSTRAINT ck_jobs_state CHECK ((state = ANY (ARRAY['queued'::text, 'running'::text, 'succeeded'::text, 'failed'::text, 'cancelling'::text, 'cancelled'::text])))
);

ALTER TABLE public.jobs ALTER COLUMN sequence ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.jobs_sequence_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.observations (
    id bigint NOT NULL,
    job_id uuid NOT NULL,
    trial_id uuid NOT NULL,
    epoch integer NOT NULL,
    beta_eff double precision,
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
    recorded_at timestamp with time zone NOT NULL
);

ALTER TABLE public.observations ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.observations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.qrtz_blob_triggers (
    sched_name text NOT NULL,
    trigger_name text NOT NULL,
    trigger_group text NOT NULL,
    blob_data bytea
);

CREATE TABLE public.qrtz_calendars (
    sched_name text NOT NULL,
    calendar_name text NOT NULL,
    calendar bytea NOT NULL
);

CREATE TABLE public.qrtz_cron_triggers (
    sched_name text NOT NULL,
    trigger_name text NOT NULL,
    trigger_group text NOT NULL,
    cron_expression text NOT NULL,
    time_zone_id text
);

CREATE TABLE public.qrtz_execution_history (
    sched_name text NOT NULL,
    entry_id text NOT NULL,
    instance_name text NOT NULL,
    job_name text NOT NULL,
    job_group text NOT NULL,
    trigger_name text NOT NULL,
    trigger_group text NOT NULL,
    fired_time bigint NOT NULL,
    run_time bigint NOT NULL,
    succeeded boolean NOT NULL,
    error_message text,
    retry_attempt integer DEFAULT 0 NOT NULL,
    retry_scheduled boolean DEFAULT false NOT NULL,
    execution_log text,
    result integer,
    summary text,
    metrics text,
    manual boolean,
    fire_instance_id text,
    job_input text,
    job_input_too_large boolean
);

CREATE TABLE public.qrtz_fired_triggers (
    sched_name text NOT NULL,
    entry_id text NOT NULL,
    trigger_name text NOT NULL,
    trigger_group text NOT NULL,
    instance_name text NOT NULL,
    fired_time bigint NOT NULL,
    sched_time bigint NOT NULL,
    priority integer NOT NULL,
    state text NOT NULL,
    job_name text,
    job_group text,
    is_nonconcurrent boolean NOT NULL,
    requests_recovery boolean,
    execution_group character varying(200),
    progress integer,
    progress_message character varying(250),
    interrupt_requested_time bigint
);

CREATE TABLE public.qrtz_job_details (
    sched_name text NOT NULL,
    job_name text NOT NULL,
    job_group text NOT NULL,
    description text,
    job_class_name text NOT NULL,
    is_durable boolean NOT NULL,
    is_nonconcurrent boolean NOT NULL,
    is_update_data boolean NOT NULL,
    requests_recovery boolean NOT NULL,
    job_data bytea
);

CREATE TABLE public.qrtz_job_status (
    sched_name text NOT NULL,
    job_group text NOT NULL,
    job_name text NOT NULL,
    first_fired_time bigint NOT NULL,
    last_fired_time bigint NOT NULL,
    last_result integer NOT NULL,
    last_run_time bigint NOT NULL,
    last_instance_name text NOT NULL,
    last_entry_id text,
    last_summary text,
    last_success_time bigint,
    last_failure_time bigint,
    last_failure_message text,
    consecutive_failures integer DEFAULT 0 NOT NULL,
    run_count bigint DEFAULT 0 NOT NULL,
    failure_count bigint DEFAULT 0 NOT NULL
);

CREATE TABLE public.qrtz_locks (
    sched_name text NOT NULL,
    lock_name text NOT NULL
);

CREATE TABLE public.qrtz_misfire_history (
    sched_name text NOT NULL,
    entry_id text NOT NULL,
    instance_name text NOT NULL,
    trigger_name text NOT NULL,
    trigger_group text NOT NULL,
    job_name text,
    job_group text,
    misfire_time bigint NOT NULL,
    sched_time bigint,
    reason integer
);

CREATE TABLE public.qrtz_paused_job_grps (
    sched_name text NOT NULL,
    job_group text NOT NULL,
    pause_reason character varying(250),
    paused_by character varying(200),
    paused_at bigint
);

CREATE TABLE public.qrtz_paused_trigger_grps (
    sched_name text NOT NULL,
    trigger_group text NOT NULL,
    pause_reason character varying(250),
    paused_by character varying(200),
    paused_at bigint
);

CREATE TABLE public.qrtz_scheduler_state (
    sched_name text NOT NULL,
    instance_name text NOT NULL,
    last_checkin_time bigint NOT NULL,
    checkin_interval bigint NOT NULL,
    quartz_version character varying(20)
);

CREATE TABLE public.qrtz_simple_triggers (
    sched_name text NOT NULL,
    trigger_name text NOT NULL,
    trigger_group text NOT NULL,
    repeat_count bigint NOT NULL,
    repeat_interval bigint NOT NULL,
    times_triggered bigint NOT NULL
);

CREATE TABLE public.qrtz_simprop_triggers (
    sched_name text NOT NULL,
    trigger_name text NOT NULL,
    trigger_group text NOT NULL,
    str_prop_1 text,
    str_prop_2 text,
    str_prop_3 text,
    int_prop_1 integer,
    int_prop_2 integer,
    long_prop_1 bigint,
    long_prop_2 bigint,
    dec_prop_1 numeric,
    dec_prop_2 numeric,
    bool_prop_1 boolean,
    bool_prop_2 boolean,
    time_zone_id text
);

CREATE TABLE public.qrtz_triggers (
    sched_name text NOT NULL,
    trigger_name text NOT NULL,
    trigger_group text NOT NULL,
    job_name text NOT NULL,
    job_group text NOT NULL,
    description text,
    next_fire_time bigint,
    prev_fire_time bigint,
    priority integer,
    trigger_state text NOT NULL,
    trigger_type text NOT NULL,
    start_time bigint NOT NULL,
    end_time bigint,
    calendar_name text,
    misfire_instr smallint,
    misfire_orig_fire_time bigint,
    execution_group character varying(200),
    preferred_node character varying(200),
    preferred_node_auto boolean DEFAULT false NOT NULL,
    retry_policy character varying(250),
    retry_attempt integer,
    continues_trigger_name text,
    continues_trigger_group text,
    continuation_condition integer,
    overlap_policy integer,
    pause_reason character varying(250),
    paused_by character varying(200),
    paused_at bigint,
    misfire_threshold bigint,
    fixed_delay boolean,
    job_data bytea
);

CREATE TABLE public.trial_scores (
    trial_id uuid NOT NULL,
    name text NOT NULL,
    value double precision,
    reason text,
    seconds double precision NOT NULL
);

CREATE TABLE public.trials (
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
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    paused_attempt integer,
    weights_sha256 text,
    weights_bytes bigint,
    CONSTRAINT ck_trials_state CHECK ((state = ANY (ARRAY['queued'::text, 'running'::text, 'paused'::text, 'succeeded'::text, 'failed'::text, 'dropped'::text, 'cancelled'::text])))
);

INSERT INTO public."__EFMigrationsHistory" VALUES
	('20261123000000_Initial', '10.0.0'),
	('20261124000200_Scores', '10.0.0'),
	('20261124000300_Races', '10.0.0'),
	('20261124000400_Finalizations', '10.0.0'),
	('20261124000500_FinishedJobs', '10.0.0');

INSERT INTO public.decisions OVERRIDING SYSTEM VALUE VALUES
	(1, '01a22974-f7b7-7e8f-85ed-37da8e7dcb5d', 3, 0, 'kept', NULL, true, 0.6966, 0.7715978788536122, 0.7339399629171008, 0.8092557947901236, 0.005512382084259193, 'leads: P(best) 0.6966 against dropBelow 0.01', '2026-11-29 22:37:42.288422+00'),
	(2, '01a22974-f7b7-7e8f-85ed-37da8e7dcb5d', 3, 1, 'kept', NULL, false, 0.3034, 0.7571583617143549, 0.719238084615497, 0.7950786388132128, 0.01995189922351648, 'P(best) 0.3034 against dropBelow 0.01', '2026-11-29 22:37:42.288422+00'),
	(3, '01a22974-f7b7-7e8f-85ed-37da8e7dcb5d', 3, 2, 'dropped', NULL, false, 0, 0.6258450760103447, 0.5846117139592573, 0.6670784380614321, 0.15126518492752672, 'P(best) 0 is below dropBelow 0.01', '2026-11-29 22:37:42.288422+00'),
	(4, '01a22974-f7b7-7e8f-85ed-37da8e7dcb5d', 4, 0, 'kept', NULL, true, 0.7506, 0.8289585532391234, 0.802062280651504, 0.8558548258267428, 0.002740640230597724, 'leads: P(best) 0.7506 against dropBelow 0.01', '2026-11-29 22:37:42.48248+00'),
	(5, '01a22974-f7b7-7e8f-85ed-37da8e7dcb5d', 4, 1, 'kept', NULL, false, 0.2494, 0.8163031993581757, 0.7890259668188888, 0.8435804318974627, 0.015395994111545352, 'P(best) 0.2494 against dropBelow 0.01', '2026-11-29 22:37:42.48248+00'),
	(6, '01a22974-f7b7-7e8f-85ed-37da8e7dcb5d', 5, 0, 'stopped', NULL, true, 0.8184, 0.8572295035657992, 0.8385646359761117, 0.8758943711554866, 0.000990221342994868, 'epoch 5 is the last', '2026-11-29 22:37:42.568416+00'),
	(7, '01a22974-f7b7-7e8f-85ed-37da8e7dcb5d', 5, 1, 'stopped', NULL, false, 0.1816, 0.8482710937348803, 0.8292421690709861, 0.8673000183987745, 0.009948631173913758, 'epoch 5 is the last', '2026-11-29 22:37:42.568416+00');

INSERT INTO public.idempotency_keys VALUES
	('key', 'hash', '01a22974-fd42-7c62-9a12-0a3bee05779e', '2026-11-29 22:37:42.594571+00');

INSERT INTO public.jobs OVERRIDING SYSTEM VALUE VALUES
	('01a22974-f7b7-7e8f-85ed-37da8e7dcb5d', 1, 'succeeded', 0, '{}', '{"name": null, "probe": {"hidden": [256, 128], "dropout": 0.4, "samples": 2000}, "dataset": {"name": "synthetic", "path": null, "classes": null, "synthetic": {"seed": 1, "classes": 10, "testImages": 1000, "trainImages": 2000}}, "priority": 0, "training": {"seed": 1, "epochs": 5, "repeats": 1, "momentum": 0.9, "batchSize": 64, "imageSize": 32, "optimizer": "adam", "trainLimit": null, "validation": null, "saveWeights": false, "weightDecay": 0, "learningRate": 0.001}, "selection": {"mode": "race", "race": {"dropBelow": 0.01, "tolerance": 0}, "start": "auto", "scores": true, "observe": 3, "predictor": "neural-capacitance", "confidence": 0.9}, "candidates": [{"name": "candidate-0", "module": null, "weights": "random", "backbone": "resnet8"}, {"name": "candidate-1", "module": null, "weights": "random", "backbone": "resnet8"}, {"name": "candidate-2", "module": null, "weights": "random", "backbone": "resnet8"}]}', NULL, NULL, '2026-11-29 22:37:41.175322+00', '2026-11-29 22:37:41.883947+00', '2026-11-29 22:37:42.568416+00', 31, NULL),
	('01a22974-fdd6-7755-a746-f7238a2c17ef', 3, 'succeeded', 0, '{}', '{"head": "linear", "name": "flowers", "probe": {"hidden": [256, 128], "dropout": 0.4, "samples": 2000}, "dataset": {"name": "synthetic", "path": null, "classes": null, "synthetic": {"seed": 1, "classes": 10, "testImages": 1000, "trainImages": 2000}}, "priority": 0, "training": {"seed": 1, "epochs": 5, "repeats": 1, "momentum": 0.9, "batchSize": 64, "imageSize": 32, "optimizer": "adam", "trainLimit": null, "validation": null, "saveWeights": true, "weightDecay": 0, "learningRate": 0.001}, "selection": {"mode": "full", "start": "auto", "scores": false, "observe": 2, "predictor": "last-seen", "confidence": 0.9}, "candidates": [{"name": "candidate-0", "module": null, "weights": "random", "backbone": "resnet8"}]}', NULL, NULL, '2026-11-29 22:37:42.742602+00', '2026-11-29 22:37:42.756876+00', '2026-11-29 22:37:42.782036+00', 4, '01a22974-fd42-7c62-9a12-0a3bee05779e'),
	('01a22974-feac-7d9c-8ada-b4fa3f97daba', 4, 'running', 9, '{}', '{"name": null, "probe": {"hidden": [256, 128], "dropout": 0.4, "samples": 2000}, "dataset": {"name": "synthetic", "path": null, "classes": null, "synthetic": {"seed": 1, "classes": 10, "testImages": 1000, "trainImages": 2000}}, "priority": 9, "training": {"seed": 1, "epochs": 500, "repeats": 1, "momentum": 0.9, "batchSize": 64, "imageSize": 32, "optimizer": "adam", "trainLimit": null, "validation": null, "saveWeights": false, "weightDecay": 0, "learningRate": 0.001}, "selection": {"mode": "full", "start": "auto", "scores": true, "observe": 5, "predictor": "neural-capacitance", "confidence": 0.9}, "candidates": [{"name": "candidate-0", "module": null, "weights": "random", "backbone": "resnet8"}, {"name": "candidate-1", "module": null, "weights": "random", "backbone": "resnet8"}]}', NULL, NULL, '2026-11-29 22:37:42.956403+00', '2026-11-29 22:37:43.14057+00', NULL, 4, NULL),
	('01a22974-fd42-7c62-9a12-0a3bee05779e', 2, 'succeeded', 0, '{"candidates": ["a", "b"]}', '{"name": "flowers", "probe": {"hidden": [256, 128], "dropout": 0.4, "samples": 2000}, "dataset": {"name": "synthetic", "path": null, "classes": null, "synthetic": {"seed": 1, "classes": 10, "testImages": 1000, "trainImages": 2000}}, "priority": 0, "training": {"seed": 1, "epochs": 5, "repeats": 1, "momentum": 0.9, "batchSize": 64, "imageSize": 32, "optimizer": "adam", "trainLimit": null, "validation": null, "saveWeights": false, "weightDecay": 0, "learningRate": 0.001}, "selection": {"mode": "early", "start": "auto", "scores": true, "observe": 2, "predictor": "last-seen", "confidence": 0.9}, "candidates": [{"name": "candidate-0", "module": null, "weights": "random", "backbone": "resnet8"}, {"name": "candidate-1", "module": null, "weights": "random", "backbone": "resnet8"}]}', NULL, NULL, '2026-11-29 22:37:42.594571+00', '2026-11-29 22:37:42.615942+00', '2026-11-29 22:37:42.692703+00', 14, NULL);

INSERT INTO public.observations OVERRIDING SYSTEM VALUE VALUES
	(1, '01a22974-f7b7-7e8f-85ed-37da8e7dcb5d', '01a22974-f7b7-7ed8-8ce9-58168b8f54ef', 0, 0.29999999999999993, NULL, NULL, NULL, 0.052411919774176155, 1, 2000, NULL, NULL, NULL, 2, 0, 0, 1, '2026-11-29 22:37:42.030947+00'),
	(2, '01a22974-f7b7-7e8f-85ed-37da8e7dcb5d', '01a22974-f7b7-7ed8-8ce9-58168b8f54ef', 1, 0.14999999999999997, NULL, NULL, NULL, 0.43746174535234594, 1, 2000, NULL, NULL, NULL, 2, 0, 0, 1, '2026-11-29 22:37:42.088518+00'),
	(3, '01a22974-f7b7-7e8f-85ed-37da8e7dcb5d', '01a22974-f7b7-7ed8-8ce9-58168b8f54ef', 2, 0.09999999999999998, NULL, NULL, NULL, 0.648673805572986, 1, 2000, NULL, NULL, NULL, 2, 0, 0, 1, '2026-11-29 22:37:42.09396+00'),
	(4, '01a22974-f7b7-7e8f-85ed-37da8e7dcb5d', '01a22974-f7b7-7ed8-8ce9-58168b8f54ef', 3, 0.07499999999999998, NULL, NULL, NULL, 0.7632412552229466, 1, 2000, NULL, NULL, NULL, 2, 0, 0, 1, '2026-11-29 22:37:42.100334+00'),
	(5, '01a22974-f7b7-7e8f-85ed-37da8e7dcb5d', '01a22974-f7b7-7ec4-b78d-f1ea04648d26', 0, 0.30999999999999994, NULL, NULL, NULL, 0.05239404514225811, 1, 2000, NULL, NULL, NULL, 3, 0, 0, 1, '2026-11-29 22:37:42.218917+00'),
	(6, '01a22974-f7b7-7e8f-85ed-37da8e7dcb5d', '01a22974-f7b7-7ec4-b78d-f1ea04648d26', 1, 0.15499999999999997, NULL, NULL, NULL, 0.42782622785883023, 1, 2000, NULL, NULL, NULL, 3, 0, 0, 1, '2026-11-29 22:37:42.224501+00'),
	(7, '01a22974-f7b7-7e8f-85ed-37da8e7dcb5d', '01a22974-f7b7-7ec4-b78d-f1ea04648d26', 2, 0.10333333333333332, NULL, NULL, NULL, 0.6337023264476861, 1, 2000, NULL, NULL, NULL, 3, 0, 0, 1, '2026-11-29 22:37:42.229558+00'),
	(8, '01a22974-f7b7-7e8f-85ed-37da8e7dcb5d', '01a22974-f7b7-7ec4-b78d-f1ea04648d26', 3, 0.07749999999999999, NULL, NULL, NULL, 0.7478290455244558, 1, 2000, NULL, NULL, NULL, 3, 0, 0, 1, '2026-11-29 22:37:42.234291+00'),
	(9, '01a22974-f7b7-7e8f-85ed-37da8e7dcb5d', '01a22974-f7b7-70e7-897e-a6a7b1d23991', 0, 0.5, NULL, NULL, NULL, 0.039647164498230185, 1, 2000, NULL, NULL, NULL, 4, 0, 0, 1, '2026-11-29 22:37:42.26971+00'),
	(10, '01a22974-f7b7-7e8f-85ed-37da8e7dcb5d', '01a22974-f7b7-70e7-897e-a6a7b1d23991', 1, 0.25, NULL, NULL, NULL, 0.3398847340031171, 1, 2000, NULL, NULL, NULL, 4, 0, 0, 1, '2026-11-29 22:37:42.274942+00'),
	(11, '01a22974-f7b7-7e8f-85ed-37da8e7dcb5d', '01a22974-f7b7-70e7-897e-a6a7b1d23991', 2, 0.16666666666666666, NULL, NULL, NULL, 0.5050939624530711, 1, 2000, NULL, NULL, NULL, 4, 0, 0, 1, '2026-11-29 22:37:42.27964+00'),
	(12, '01a22974-f7b7-7e8f-85ed-37da8e7dcb5d', '01a22974-f7b7-70e7-897e-a6a7b1d23991', 3, 0.125, NULL, NULL, NULL, 0.5948546624560198, 1, 2000, NULL, NULL, NULL, 4, 0, 0, 1, '2026-11-29 22:37:42.284282+00'),
	(13, '01a22974-f7b7-7e8f-85ed-37da8e7dcb5d', '01a22974-f7b7-7ed8-8ce9-58168b8f54ef', 4, 0.059999999999999984, NULL, NULL, NULL, 0.8241921672826424, 1, 2000, NULL, NULL, NULL, 2, 0, 0, 2, '2026-11-29 22:37:42.448646+00'),
	(14, '01a22974-f7b7-7e8f-85ed-37da8e7dcb5d', '01a22974-f7b7-7ec4-b78d-f1ea04648d26', 4, 0.061999999999999986, NULL, NULL, NULL, 0.8123467430577919, 1, 2000, NULL, NULL, NULL, 3, 0, 0, 2, '2026-11-29 22:37:42.478159+00'),
	(15, '01a22974-f7b7-7e8f-85ed-37da8e7dcb5d', '01a22974-f7b7-7ed8-8ce9-58168b8f54ef', 5, 0.04999999999999999, NULL, NULL, NULL, 0.8560883436240257, 1, 2000, NULL, NULL, NULL, 2, 0, 0, 3, '2026-11-29 22:37:42.524534+00'),
	(16, '01a22974-f7b7-7e8f-85ed-37da8e7dcb5d', '01a22974-f7b7-7ec4-b78d-f1ea04648d26', 5, 0.05166666666666666, NULL, NULL, NULL, 0.8494554255690477, 1, 2000, NULL, NULL, NULL, 3, 0, 0, 3, '2026-11-29 22:37:42.563781+00'),
	(17, '01a22974-fd42-7c62-9a12-0a3bee05779e', '01a22974-fd42-7efa-ba60-8dd340615db0', 0, 1, NULL, NULL, -1e-300, 0, 0.7, 100, NULL, 'NaN', 0.30000000000000004, 0, 0, 0, 1, '2026-11-29 22:37:42.66156+00'),
	(18, '01a22974-fd42-7c62-9a12-0a3bee05779e', '01a22974-fd42-7efa-ba60-8dd340615db0', 1, 0.5, NULL, NULL, -1e-300, 0.25, 0.7, 100, NULL, 'NaN', 0.30000000000000004, 0, 0, 0, 1, '2026-11-29 22:37:42.667581+00'),
	(19, '01a22974-fd42-7c62-9a12-0a3bee05779e', '01a22974-fd42-7efa-ba60-8dd340615db0', 2, 0.3333333333333333, NULL, NULL, -1e-300, 0.5, 0.7, 100, NULL, 'NaN', 0.30000000000000004, 0, 0, 0, 1, '2026-11-29 22:37:42.672437+00'),
	(20, '01a22974-fdd6-7755-a746-f7238a2c17ef', '01a22974-fdd6-7ba2-b616-add2f0e7a4e4', 0, NULL, NULL, NULL, NULL, 0.5, 0.7, 100, NULL, NULL, NULL, 0, 0, 0, 1, '2026-11-29 22:37:42.777712+00'),
	(21, '01a22974-feac-7d9c-8ada-b4fa3f97daba', '01a22974-feac-7622-913e-473be42b677a', 0, 1, NULL, NULL, NULL, 0, 0.7, 100, NULL, NULL, NULL, 0, 0, 0, 1, '2026-11-29 22:37:43.5717+00'),
	(22, '01a22974-feac-7d9c-8ada-b4fa3f97daba', '01a22974-feac-7622-913e-473be42b677a', 1, 0.5, NULL, NULL, NULL, 0.1, 0.7, 100, NULL, NULL, NULL, 0, 0, 0, 1, '2026-11-29 22:37:43.991837+00');

INSERT INTO public.qrtz_fired_triggers VALUES
	('neural-capacitance', 'node-12629562750330', '01a22974f99178b181804b1c1f6a0832', 'neural-capacitance', 'node-1', 639315886631024506, 639315886616495595, 5, 'EXECUTING', 'trial', 'neural-capacitance', false, true, NULL, NULL, NULL, NULL);

INSERT INTO public.qrtz_job_details VALUES
	('neural-capacitance', 'trial', 'neural-capacitance', NULL, 'NeuralCapacitance.Infrastructure.Queue.TrialJob, NeuralCapacitance.Infrastructure', true, false, false, true, NULL);

INSERT INTO public.qrtz_locks VALUES
	('neural-capacitance', 'TRIGGER_ACCESS'),
	('neural-capacitance', 'STATE_ACCESS');

INSERT INTO public.qrtz_scheduler_state VALUES
	('neural-capacitance', 'node-1', 639315886640178762, 1000, '4.7.3');

INSERT INTO public.qrtz_simple_triggers VALUES
	('neural-capacitance', '01a22974f9b572e38537ab786d3498be', 'neural-capacitance', 0, 0, 0),
	('neural-capacitance', '01a22974f9bc7b439e842625ddffe581', 'neural-capacitance', 0, 0, 0),
	('neural-capacitance', '01a22974fc9077d8a164af262e47cfba', 'neural-capacitance', 0, 0, 0),
	('neural-capacitance', '01a22974fc9374cb8009b18eafc4cc67', 'neural-capacitance', 0, 0, 0),
	('neural-capacitance', '01a22974fcdf7c4891e96466c6428b8b', 'neural-capacitance', 0, 0, 0),
	('neural-capacitance', '01a22974fce37420b7ce637dfcd1915d', 'neural-capacitance', 0, 0, 0),
	('neural-capacitance', '01a22974fd47774a81ab4459b7fc93b3', 'neural-capacitance', 0, 0, 0),
	('neural-capacitance', '01a22974fd5175bfb43b6dc276870068', 'neural-capacitance', 0, 0, 0),
	('neural-capacitance', '01a22974fddd78698135ac2aae3b528f', 'neural-capacitance', 0, 0, 0),
	('neural-capacitance', '01a22974fec47946911363c76805d50a', 'neural-capacitance', 0, 0, 0),
	('neural-capacitance', '01a22974ff0674cfa3a47fde4b173e6e', 'neural-capacitance', 0, 0, 0),
	('neural-capacitance', '01a22974f99178b181804b1c1f6a0832', 'neural-capacitance', 0, 0, 1);

INSERT INTO public.qrtz_triggers VALUES
	('neural-capacitance', '01a22974f9b572e38537ab786d3498be', 'neural-capacitance', 'trial', 'neural-capacitance', NULL, 639315886616860080, NULL, 5, 'WAITING', 'SIMPLE', 639315886616860080, NULL, NULL, -1, NULL, NULL, NULL, false, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	('neural-capacitance', '01a22974f9bc7b439e842625ddffe581', 'neural-capacitance', 'trial', 'neural-capacitance', NULL, 639315886616920962, NULL, 5, 'WAITING', 'SIMPLE', 639315886616920962, NULL, NULL, -1, NULL, NULL, NULL, false, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	('neural-capacitance', '01a22974fc9077d8a164af262e47cfba', 'neural-capacitance', 'trial', 'neural-capacitance', NULL, 639315886624164486, NULL, 5, 'WAITING', 'SIMPLE', 639315886624164486, NULL, NULL, -1, NULL, NULL, NULL, false, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	('neural-capacitance', '01a22974fc9374cb8009b18eafc4cc67', 'neural-capacitance', 'trial', 'neural-capacitance', NULL, 639315886624198323, NULL, 5, 'WAITING', 'SIMPLE', 639315886624198323, NULL, NULL, -1, NULL, NULL, NULL, false, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	('neural-capacitance', '01a22974fcdf7c4891e96466c6428b8b', 'neural-capacitance', 'trial', 'neural-capacitance', NULL, 639315886624959968, NULL, 5, 'WAITING', 'SIMPLE', 639315886624959968, NULL, NULL, -1, NULL, NULL, NULL, false, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	('neural-capacitance', '01a22974fce37420b7ce637dfcd1915d', 'neural-capacitance', 'trial', 'neural-capacitance', NULL, 639315886624990993, NULL, 5, 'WAITING', 'SIMPLE', 639315886624990993, NULL, NULL, -1, NULL, NULL, NULL, false, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	('neural-capacitance', '01a22974fd47774a81ab4459b7fc93b3', 'neural-capacitance', 'trial', 'neural-capacitance', NULL, 639315886625991246, NULL, 5, 'WAITING', 'SIMPLE', 639315886625991246, NULL, NULL, -1, NULL, NULL, NULL, false, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	('neural-capacitance', '01a22974fd5175bfb43b6dc276870068', 'neural-capacitance', 'trial', 'neural-capacitance', NULL, 639315886626098376, NULL, 5, 'WAITING', 'SIMPLE', 639315886626098376, NULL, NULL, -1, NULL, NULL, NULL, false, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	('neural-capacitance', '01a22974fddd78698135ac2aae3b528f', 'neural-capacitance', 'trial', 'neural-capacitance', NULL, 639315886627498399, NULL, 5, 'WAITING', 'SIMPLE', 639315886627498399, NULL, NULL, -1, NULL, NULL, NULL, false, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	('neural-capacitance', '01a22974fec47946911363c76805d50a', 'neural-capacitance', 'trial', 'neural-capacitance', NULL, 639315886629805460, NULL, 5, 'WAITING', 'SIMPLE', 639315886629805460, NULL, NULL, -1, NULL, NULL, NULL, false, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	('neural-capacitance', '01a22974ff0674cfa3a47fde4b173e6e', 'neural-capacitance', 'trial', 'neural-capacitance', NULL, 639315886630466419, NULL, 5, 'WAITING', 'SIMPLE', 639315886630466419, NULL, NULL, -1, NULL, NULL, NULL, false, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	('neural-capacitance', '01a22974f99178b181804b1c1f6a0832', 'neural-capacitance', 'trial', 'neural-capacitance', NULL, NULL, 639315886616495595, 5, 'COMPLETE', 'SIMPLE', 639315886616495595, NULL, NULL, -1, NULL, NULL, NULL, false, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);

INSERT INTO public.trial_scores VALUES
	('01a22974-fd42-7efa-ba60-8dd340615db0', 'leep', NULL, 'The backbone has no source classifier.', 0),
	('01a22974-fd42-7efa-ba60-8dd340615db0', 'logme', 0.25, NULL, 0.5);

INSERT INTO public.trials VALUES
	('01a22974-f7b7-7ed8-8ce9-58168b8f54ef', '01a22974-f7b7-7e8f-85ed-37da8e7dcb5d', 0, 'candidate-0', 0, 1, 'succeeded', 3, 'e2d45c8d-179f-4035-a760-51a1fdf8e949', NULL, 5, 5, 'cpu', '{}', NULL, NULL, NULL, NULL, NULL, '2026-11-29 22:37:41.883947+00', '2026-11-29 22:37:42.568416+00', 3, NULL, NULL),
	('01a22974-fd42-7efa-ba60-8dd340615db0', '01a22974-fd42-7c62-9a12-0a3bee05779e', 0, 'candidate-0', 0, 1, 'succeeded', 1, '7dc00893-b338-4ca7-aecf-108ceb8f84e3', NULL, 2, 2, 'cpu', '{"Its checkpoint wasn''t there: \\ and \"quotes\" – β"}', NULL, NULL, NULL, 'sha256:0123', '{"libtorch": "2.10.0"}', '2026-11-29 22:37:42.615942+00', '2026-11-29 22:37:42.67905+00', NULL, NULL, NULL),
	('01a22974-f7b7-70e7-897e-a6a7b1d23991', '01a22974-f7b7-7e8f-85ed-37da8e7dcb5d', 2, 'candidate-2', 0, 1, 'dropped', 1, 'b102ea9d-3484-4d6b-b042-75dc47b5d67a', NULL, 3, 3, 'cpu', '{}', NULL, NULL, NULL, NULL, NULL, '2026-11-29 22:37:42.249351+00', '2026-11-29 22:37:42.288422+00', 1, NULL, NULL),
	('01a22974-fd42-758d-9c26-35e50f4e5871', '01a22974-fd42-7c62-9a12-0a3bee05779e', 1, 'candidate-1', 0, 1, 'failed', 1, '5c71a97f-b2b4-43a0-8679-553c96da77d4', NULL, 0, 2, 'cpu', '{}', 'diverged', 'The loss became NaN.', NULL, NULL, NULL, '2026-11-29 22:37:42.68437+00', '2026-11-29 22:37:42.692703+00', NULL, NULL, NULL),
	('01a22974-f7b7-7ec4-b78d-f1ea04648d26', '01a22974-f7b7-7e8f-85ed-37da8e7dcb5d', 1, 'candidate-1', 0, 1, 'succeeded', 3, 'bef17c06-d16f-4db2-8291-9d4da4b2e7de', NULL, 5, 5, 'cpu', '{}', NULL, NULL, NULL, NULL, NULL, '2026-11-29 22:37:42.193095+00', '2026-11-29 22:37:42.568416+00', 3, NULL, NULL),
	('01a22974-fdd6-7ba2-b616-add2f0e7a4e4', '01a22974-fdd6-7755-a746-f7238a2c17ef', 0, 'candidate-0', 0, 1, 'succeeded', 1, 'da5327ad-392b-4a1b-bd58-d9b2e286b4d8', NULL, 0, 5, 'cpu', '{}', NULL, NULL, 'weights/a.safetensors', NULL, NULL, '2026-11-29 22:37:42.756876+00', '2026-11-29 22:37:42.782036+00', NULL, 'abc', 42),
	('01a22974-feac-7b08-89f8-0647a3ce99a9', '01a22974-feac-7d9c-8ada-b4fa3f97daba', 1, 'candidate-1', 0, 1, 'queued', 0, NULL, NULL, 0, 500, NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	('01a22974-feac-7622-913e-473be42b677a', '01a22974-feac-7d9c-8ada-b4fa3f97daba', 0, 'candidate-0', 0, 1, 'running', 1, 'node-12629562750330', '01a22974f99178b181804b1c1f6a0832', 1, 500, 'cpu', '{}', NULL, NULL, NULL, NULL, NULL, '2026-11-29 22:37:43.14057+00', NULL, NULL, NULL, NULL);

SELECT pg_catalog.setval('public.decisions_id_seq', 7, true);

SELECT pg_catalog.setval('public.jobs_sequence_seq', 4, true);

SELECT pg_catalog.setval('public.observations_id_seq', 22, true);

ALTER TABLE ONLY public."__EFMigrationsHistory"
    ADD CONSTRAINT "PK___EFMigrationsHistory" PRIMARY KEY ("MigrationId");

ALTER TABLE ONLY public.decisions
    ADD CONSTRAINT pk_decisions PRIMARY KEY (id);

ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT pk_idempotency_keys PRIMARY KEY (key);

ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT pk_jobs PRIMARY KEY (id);

ALTER TABLE ONLY public.observations
    ADD CONSTRAINT pk_observations PRIMARY KEY (id);

ALTER TABLE ONLY public.trial_scores
    ADD CONSTRAINT pk_trial_scores PRIMARY KEY (trial_id, name);

ALTER TABLE ONLY public.trials
    ADD CONSTRAINT pk_trials PRIMARY KEY (id);

ALTER TABLE ONLY public.qrtz_blob_triggers
    ADD CONSTRAINT qrtz_blob_triggers_pkey PRIMARY KEY (sched_name, trigger_name, trigger_group);

ALTER TABLE ONLY public.qrtz_calendars
    ADD CONSTRAINT qrtz_calendars_pkey PRIMARY KEY (sched_name, calendar_name);

ALTER TABLE ONLY public.qrtz_cron_triggers
    ADD CONSTRAINT qrtz_cron_triggers_pkey PRIMARY KEY (sched_name, trigger_name, trigger_group);

ALTER TABLE ONLY public.qrtz_execution_history
    ADD CONSTRAINT qrtz_execution_history_pkey PRIMARY KEY (sched_name, entry_id);

ALTER TABLE ONLY public.qrtz_fired_triggers
    ADD CONSTRAINT qrtz_fired_triggers_pkey PRIMARY KEY (sched_name, entry_id);

ALTER TABLE ONLY public.qrtz_job_details
    ADD CONSTRAINT qrtz_job_details_pkey PRIMARY KEY (sched_name, job_name, job_group);

ALTER TABLE ONLY public.qrtz_job_status
    ADD CONSTRAINT qrtz_job_status_pkey PRIMARY KEY (sched_name, job_group, job_name);

ALTER TABLE ONLY public.qrtz_locks
    ADD CONSTRAINT qrtz_locks_pkey PRIMARY KEY (sched_name, lock_name);

ALTER TABLE ONLY public.qrtz_misfire_history
    ADD CONSTRAINT qrtz_misfire_history_pkey PRIMARY KEY (sched_name, entry_id);

ALTER TABLE ONLY public.qrtz_paused_job_grps
    ADD CONSTRAINT qrtz_paused_job_grps_pkey PRIMARY KEY (sched_name, job_group);

ALTER TABLE ONLY public.qrtz_paused_trigger_grps
    ADD CONSTRAINT qrtz_paused_trigger_grps_pkey PRIMARY KEY (sched_name, trigger_group);

ALTER TABLE ONLY public.qrtz_scheduler_state
    ADD CONSTRAINT qrtz_scheduler_state_pkey PRIMARY KEY (sched_name, instance_name);

ALTER TABLE ONLY public.qrtz_simple_triggers
    ADD CONSTRAINT qrtz_simple_triggers_pkey PRIMARY KEY (sched_name, trigger_name, trigger_group);

ALTER TABLE ONLY public.qrtz_simprop_triggers
    ADD CONSTRAINT qrtz_simprop_triggers_pkey PRIMARY KEY (sched_name, trigger_name, trigger_group);

ALTER TABLE ONLY public.qrtz_triggers
    ADD CONSTRAINT qrtz_triggers_pkey PRIMARY KEY (sched_name, trigger_name, trigger_group);

CREATE INDEX idx_qrtz_eh_fire_inst ON public.qrtz_execution_history USING btree (sched_name, fire_instance_id);

CREATE INDEX idx_qrtz_eh_fired_time ON public.qrtz_execution_history USING btree (sched_name, fired_time);

CREATE INDEX idx_qrtz_eh_inst ON public.qrtz_execution_history USING btree (sched_name, instance_name);

CREATE INDEX idx_qrtz_eh_job_time ON public.qrtz_execution_history USING btree (sched_name, job_group, job_name, fired_time);

CREATE INDEX idx_qrtz_eh_trig_time ON public.qrtz_execution_history USING btree (sched_name, trigger_group, trigger_name, fired_time);

CREATE INDEX idx_qrtz_ft_inst_job_req_rcvry ON public.qrtz_fired_triggers USING btree (sched_name, instance_name, requests_recovery);

CREATE INDEX idx_qrtz_ft_j_g ON public.qrtz_fired_triggers USING btree (sched_name, job_name, job_group);

CREATE INDEX idx_qrtz_ft_t_g ON public.qrtz_fired_triggers USING btree (sched_name, trigger_name, trigger_group);

CREATE INDEX idx_qrtz_j_g_n ON public.qrtz_job_details USING btree (sched_name, job_group, job_name);

CREATE INDEX idx_qrtz_mh_inst ON public.qrtz_misfire_history USING btree (sched_name, instance_name);

CREATE INDEX idx_qrtz_mh_misfire_time ON public.qrtz_misfire_history USING btree (sched_name, misfire_time);

CREATE INDEX idx_qrtz_t_c ON public.qrtz_triggers USING btree (sched_name, calendar_name);

CREATE INDEX idx_qrtz_t_g_n ON public.qrtz_triggers USING btree (sched_name, trigger_group, trigger_name);

CREATE INDEX idx_qrtz_t_j ON public.qrtz_triggers USING btree (sched_name, job_name, job_group);

CREATE INDEX idx_qrtz_t_nft_st ON public.qrtz_triggers USING btree (sched_name, trigger_state, next_fire_time, priority DESC, misfire_instr);

CREATE INDEX ix_decisions_job_id ON public.decisions USING btree (job_id, id);

CREATE INDEX ix_idempotency_keys_created_at ON public.idempotency_keys USING btree (created_at);

CREATE INDEX ix_idempotency_keys_job_id ON public.idempotency_keys USING btree (job_id);

CREATE INDEX ix_jobs_finalizes ON public.jobs USING btree (finalizes);

CREATE INDEX ix_jobs_finished_full ON public.jobs USING btree (sequence) WHERE ((state = 'succeeded'::text) AND (((spec -> 'selection'::text) ->> 'mode'::text) = 'full'::text));

CREATE INDEX ix_jobs_state_sequence ON public.jobs USING btree (state, sequence);

CREATE INDEX ix_observations_job_id ON public.observations USING btree (job_id, id);

CREATE INDEX ix_trials_active ON public.trials USING btree (state) WHERE (state = ANY (ARRAY['queued'::text, 'running'::text, 'paused'::text]));

CREATE UNIQUE INDEX ux_decisions_job_round_candidate ON public.decisions USING btree (job_id, round, candidate_index) WHERE (action <> 'promoted'::text);

CREATE UNIQUE INDEX ux_jobs_sequence ON public.jobs USING btree (sequence);

CREATE UNIQUE INDEX ux_observations_trial_epoch ON public.observations USING btree (trial_id, epoch);

CREATE UNIQUE INDEX ux_trials_job_candidate_repeat ON public.trials USING btree (job_id, candidate_index, repeat);

ALTER TABLE ONLY public.decisions
    ADD CONSTRAINT fk_decisions_job FOREIGN KEY (job_id) REFERENCES public.jobs(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT fk_idempotency_keys_job FOREIGN KEY (job_id) REFERENCES public.jobs(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT fk_jobs_finalizes FOREIGN KEY (finalizes) REFERENCES public.jobs(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.observations
    ADD CONSTRAINT fk_observations_job FOREIGN KEY (job_id) REFERENCES public.jobs(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.observations
    ADD CONSTRAINT fk_observations_trial FOREIGN KEY (trial_id) REFERENCES public.trials(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.trial_scores
    ADD CONSTRAINT fk_trial_scores_trial FOREIGN KEY (trial_id) REFERENCES public.trials(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.trials
    ADD CONSTRAINT fk_trials_job FOREIGN KEY (job_id) REFERENCES public.jobs(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.qrtz_blob_triggers
    ADD CONSTRAINT qrtz_blob_triggers_sched_name_trigger_name_trigger_group_fkey FOREIGN KEY (sched_name, trigger_name, trigger_group) REFERENCES public.qrtz_triggers(sched_name, trigger_name, trigger_group) ON DELETE CASCADE;

ALTER TABLE ONLY public.qrtz_cron_triggers
    ADD CONSTRAINT qrtz_cron_triggers_sched_name_trigger_name_trigger_group_fkey FOREIGN KEY (sched_name, trigger_name, trigger_group) REFERENCES public.qrtz_triggers(sched_name, trigger_name, trigger_group) ON DELETE CASCADE;

ALTER TABLE ONLY public.qrtz_simple_triggers
    ADD CONSTRAINT qrtz_simple_triggers_sched_name_trigger_name_trigger_group_fkey FOREIGN KEY (sched_name, trigger_name, trigger_group) REFERENCES public.qrtz_triggers(sched_name, trigger_name, trigger_group) ON DELETE CASCADE;

ALTER TABLE ONLY public.qrtz_simprop_triggers
    ADD CONSTRAINT qrtz_simprop_triggers_sched_name_trigger_name_trigger_grou_fkey FOREIGN KEY (sched_name, trigger_name, trigger_group) REFERENCES public.qrtz_triggers(sched_name, trigger_name, trigger_group) ON DELETE CASCADE;

ALTER TABLE ONLY public.qrtz_triggers
    ADD CONSTRAINT qrtz_triggers_sched_name_job_name_job_group_fkey FOREIGN KEY (sched_name, job_name, job_group) REFERENCES public.qrtz_job_details(sched_name, job_name, job_group);

