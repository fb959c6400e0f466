"""An Airflow 3 DAG that asks NeuralCapacitance which backbone to fine-tune. Put it beside your other DAGs.

The service's address and key are in the environment of the workers: NEURAL_CAPACITANCE_URL, NEURAL_CAPACITANCE_KEY.
While the job runs, no slot of a worker is held: the sensor looks once a minute.
"""

import json
import os
import urllib.error
import urllib.request

from airflow.exceptions import AirflowFailException
from airflow.sdk import PokeReturnValue, dag, get_current_context, task

SPEC = {
    "dataset": {"name": "synthetic"},
    "candidates": ["resnet8", "cnn-small"],
    "selection": {"mode": "race"},
}


def ask(path, body=None, headers=None):
    request = urllib.request.Request(
        f"{os.environ.get('NEURAL_CAPACITANCE_URL', 'http://127.0.0.1:5080').rstrip('/')}/api/v1{path}",
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json", **(headers or {})},
    )
    if key := os.environ.get("NEURAL_CAPACITANCE_KEY"):
        request.add_header("Authorization", f"Bearer {key}")
    try:
        with urllib.request.urlopen(request, timeout=100) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        if error.code in (400, 401, 403, 404, 422):
            # Another try would be refused for the same reason.
            raise AirflowFailException(error.read().decode()) from None
        raise


@task(retries=3)
def submit(spec):
    # Every try of this run makes the same job.
    return ask("/jobs", spec, {"Idempotency-Key": get_current_context()["run_id"]})["id"]


@task.sensor(poke_interval=60, timeout=7 * 24 * 3600, mode="reschedule")
def ended(job_id):
    job = ask(f"/jobs/{job_id}")
    if job["state"] in ("failed", "cancelled"):
        raise AirflowFailException(f"The job ended as {job['state']}: {(job['failure'] or {}).get('message')}")
    return PokeReturnValue(is_done=job["state"] == "succeeded", xcom_value=job_id)


@task(retries=3)
def winner(job_id):
    ranking = ask(f"/jobs/{job_id}/ranking")
    for warning in ranking["warnings"]:
        print(warning)
    return ranking["candidates"][0]["candidate"]


@dag(dag_id="which_backbone", schedule=None, catchup=False)
def which_backbone():
    winner(ended(submit(SPEC)))


which_backbone()
