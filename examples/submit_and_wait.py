#!/usr/bin/env python3
"""Submits a job to NeuralCapacitance, waits for its end and prints its ranking. Needs Python 3.9 and nothing else.

    NEURAL_CAPACITANCE_URL=http://127.0.0.1:5080 NEURAL_CAPACITANCE_KEY=... python3 submit_and_wait.py job.json

Exit code: 0 answered, 1 cannot tell, 2 failed, 3 refused. With NEURAL_CAPACITANCE_IDEMPOTENCY_KEY, a second run within a day finds the job of the first.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request
import uuid

ANSWERED, CANNOT_TELL, FAILED, REFUSED = range(4)
PASSING = {429, 502, 503, 504}
TRIES = 6
SURE = 0.8


class Refused(Exception):
    """problem+json in one text."""


class Service:
    def __init__(self, url, key):
        self.url = url.rstrip("/")
        self.headers = {"Authorization": f"Bearer {key}"} if key else {}

    def ask(self, path, body=None, headers=None):
        """Status, headers and JSON of an answer. What may pass is tried again, after Retry-After if the service says so."""
        request = urllib.request.Request(f"{self.url}/api/v1{path}", data=body, headers={**self.headers, **(headers or {})})
        for attempt in range(TRIES):
            pause = 2.0 ** attempt
            try:
                with urllib.request.urlopen(request, timeout=100) as answer:
                    return answer.status, answer.headers, json.load(answer)
            except urllib.error.HTTPError as error:
                if error.code == 304:
                    return error.code, error.headers, None
                # 429 without Retry-After: the caller has as much as it may have.
                if error.code not in PASSING or attempt == TRIES - 1 or (error.code == 429 and "Retry-After" not in error.headers):
                    raise Refused(explain(error)) from None
                pause = seconds(error.headers, pause)
            except OSError:
                if attempt == TRIES - 1:
                    raise
            time.sleep(pause)
        raise AssertionError("the last try returns or raises")

    def submit(self, spec, idempotency_key):
        return self.ask("/jobs", spec, {"Content-Type": "application/json", "Idempotency-Key": idempotency_key})[2]

    def wait(self, job_id):
        """Polls as cheaply as the service allows: an unchanged job is answered with 304."""
        tag, job = None, None
        while job is None or job["state"] not in ("succeeded", "failed", "cancelled"):
            status, headers, changed = self.ask(f"/jobs/{job_id}", headers={"If-None-Match": tag} if tag else None)
            if status == 200:
                tag, job = headers["ETag"], changed
                print(f"{job['state']}: {job['progress']['fraction']:.0%}", file=sys.stderr, flush=True)
            if job["state"] not in ("succeeded", "failed", "cancelled"):
                time.sleep(seconds(headers, 2.0))
        return job


def seconds(headers, default):
    value = headers.get("Retry-After", "")
    return float(value) if value.isdigit() else default


def explain(error):
    try:
        problem = json.load(error)
    except ValueError:
        return f"{error.code} {error.reason}"
    faults = [f"  {fault['path']} {fault['problem']}. Accepted: {fault.get('accepted')}" for fault in problem.get("errors", [])]
    return "\n".join([f"{problem.get('title')}: {problem.get('detail')}", *faults])


def is_answered(ranking):
    if "answer" in ranking:
        return ranking["answer"]["kind"] == "answered"
    ranked = [candidate for candidate in ranking["candidates"] if candidate["rank"] is not None]
    if not ranked or (len(ranked) > 1 and ranked[1]["rank"] == 1):
        return False
    return ranked[0]["probabilityBest"] is None or ranked[0]["probabilityBest"] >= SURE


def percent(value):
    return "–" if value is None else f"{value:.1%}"


def main(path):
    service = Service(os.environ.get("NEURAL_CAPACITANCE_URL", "http://127.0.0.1:5080"), os.environ.get("NEURAL_CAPACITANCE_KEY"))
    with open(path, "rb") as file:
        spec = file.read()
    try:
        job = service.submit(spec, os.environ.get("NEURAL_CAPACITANCE_IDEMPOTENCY_KEY") or str(uuid.uuid4()))
        print(f"job {job['id']}", file=sys.stderr)
        job = service.wait(job["id"])
        if job["state"] != "succeeded":
            print(f"The job ended as {job['state']}: {(job['failure'] or {}).get('message', 'no trial was finished')}", file=sys.stderr)
            return FAILED
        ranking = service.ask(f"/jobs/{job['id']}/ranking")[2]
    except Refused as refused:
        print(refused, file=sys.stderr)
        return REFUSED
    except OSError as error:
        print(f"{service.url} cannot be reached: {error}", file=sys.stderr)
        return FAILED
    if "answer" in ranking:
        print(ranking["answer"]["sentence"])
    for candidate in ranking["candidates"]:
        print(f"{candidate['rank'] or '–':>4}  {candidate['candidate']:<24} {percent(candidate['predictedAccuracy']):>7}  best with {percent(candidate['probabilityBest'])}")
    return ANSWERED if is_answered(ranking) else CANNOT_TELL


if __name__ == "__main__":
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        sys.exit(REFUSED)
    sys.exit(main(sys.argv[1]))
