#!/usr/bin/env python3
"""Writes a finished job to an MLflow tracking server: one run for the job, and below it one for each trial.

    NEURAL_CAPACITANCE_URL=... MLFLOW_TRACKING_URI=http://127.0.0.1:5000 python3 mlflow_run.py JOB_ID [EXPERIMENT]

Needs Python 3.9 and nothing else: it speaks MLflow's REST API 2.0. MLFLOW_TRACKING_TOKEN is sent as a bearer token.
"""

import datetime
import json
import math
import os
import sys
import urllib.error
import urllib.parse
import urllib.request

# What one call of log-batch takes.
METRICS_A_BATCH = 1000
CURVES = {
    "validationAccuracy": "validation_accuracy",
    "validationLoss": "validation_loss",
    "trainAccuracy": "train_accuracy",
    "trainLoss": "train_loss",
    "testAccuracy": "test_accuracy",
    "betaEff": "beta_eff",
}


def call(url, token, body=None):
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(url, data=None if body is None else json.dumps(body).encode(), headers=headers)
    with urllib.request.urlopen(request, timeout=100) as answer:
        return json.loads(answer.read() or b"{}")


class Service:
    def __init__(self):
        self.url = os.environ.get("NEURAL_CAPACITANCE_URL", "http://127.0.0.1:5080").rstrip("/")
        self.key = os.environ.get("NEURAL_CAPACITANCE_KEY")

    def get(self, path):
        return call(f"{self.url}/api/v1{path}", self.key)

    def observations(self, job_id):
        after = 0
        while after is not None:
            page = self.get(f"/jobs/{job_id}/observations?after={after}")
            yield from page["items"]
            after = page["nextAfter"]


class Tracking:
    def __init__(self):
        self.url = os.environ["MLFLOW_TRACKING_URI"].rstrip("/")
        self.token = os.environ.get("MLFLOW_TRACKING_TOKEN")

    def post(self, path, body):
        return call(f"{self.url}/api/2.0/mlflow/{path}", self.token, body)

    def experiment(self, name):
        try:
            return call(f"{self.url}/api/2.0/mlflow/experiments/get-by-name?{urllib.parse.urlencode({'experiment_name': name})}", self.token)["experiment"]["experiment_id"]
        except urllib.error.HTTPError as error:
            if error.code != 404:
                raise
            return self.post("experiments/create", {"name": name})["experiment_id"]

    def start(self, experiment, name, started, tags):
        run = {"experiment_id": experiment, "run_name": name, "start_time": started, "tags": [{"key": key, "value": str(value)} for key, value in tags.items()]}
        return self.post("runs/create", run)["run"]["info"]["run_id"]

    def log(self, run, params, metrics):
        self.post("runs/log-batch", {"run_id": run, "params": [{"key": key, "value": str(value)[:500]} for key, value in params.items() if value is not None]})
        for first in range(0, len(metrics), METRICS_A_BATCH):
            self.post("runs/log-batch", {"run_id": run, "metrics": metrics[first : first + METRICS_A_BATCH]})

    def end(self, run, ended, status):
        self.post("runs/update", {"run_id": run, "status": status, "end_time": ended})


def milliseconds(text):
    return None if text is None else int(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")[:19] + "+00:00").timestamp() * 1000)


def metric(key, value, timestamp, step=0):
    return [] if value is None or not math.isfinite(value) else [{"key": key, "value": value, "timestamp": timestamp, "step": step}]


def status(state):
    return {"succeeded": "FINISHED", "dropped": "FINISHED", "cancelled": "KILLED"}.get(state, "FAILED")


def main(job_id, experiment_name):
    service, tracking = Service(), Tracking()
    job = service.get(f"/jobs/{job_id}")
    if job["state"] not in ("succeeded", "failed", "cancelled"):
        sys.exit(f"Job {job_id} is {job['state']}; one that has ended would be accepted.")
    ranking = service.get(f"/jobs/{job_id}/ranking")
    experiment = tracking.experiment(experiment_name)
    started, ended = milliseconds(job["startedAt"] or job["createdAt"]), milliseconds(job["finishedAt"])
    parent = tracking.start(experiment, job["name"] or job_id, started, {"neural_capacitance.job": job_id, "mlflow.note.content": ranking.get("answer", {}).get("sentence", "")})
    training = job["spec"]["training"]
    tracking.log(
        parent,
        {"dataset": job["spec"]["dataset"].get("path") or job["spec"]["dataset"]["name"], "predictor": ranking["predictor"], "mode": job["spec"]["selection"]["mode"], **training},
        [
            entry
            for candidate in ranking["candidates"]
            for name, field in (("predicted", "predictedAccuracy"), ("probability_best", "probabilityBest"), ("final", "finalAccuracy"))
            for entry in metric(f"{name}/{safe(candidate['candidate'])}", candidate[field], ended)
        ],
    )
    curves = {}
    for seen in service.observations(job_id):
        for field, name in CURVES.items():
            curves.setdefault(seen["trialId"], []).extend(metric(name, seen[field], milliseconds(seen["recordedAt"]), seen["epoch"]))
    for trial in service.get(f"/jobs/{job_id}/trials")["items"]:
        child = tracking.start(
            experiment, f"{trial['candidate']} #{trial['repeat']}", milliseconds(trial["startedAt"]) or started, {"mlflow.parentRunId": parent, "neural_capacitance.trial": trial["id"]}
        )
        tracking.log(child, {key: trial[key] for key in ("candidate", "backbone", "weights", "seed", "device", "datasetHash")}, curves.get(trial["id"], []))
        tracking.end(child, milliseconds(trial["finishedAt"]) or ended, status(trial["state"]))
    tracking.end(parent, ended, status(job["state"]))
    print(parent)


def safe(name):
    """MLflow's names of metrics: letters, digits, _ - . space and /."""
    return "".join(character if character.isalnum() or character in "_-. " else "_" for character in name)


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    main(sys.argv[1], sys.argv[2] if len(sys.argv) == 3 else "neural-capacitance")
