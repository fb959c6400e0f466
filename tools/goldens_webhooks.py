#!/usr/bin/env python3
"""Golden signatures of webhooks, from Python's own hmac: the Standard Webhooks specification, read a second time.

Usage: python3 tools/goldens_webhooks.py   (writes tests/Infrastructure.Tests/Goldens/webhooks.json)
"""
import base64
import hashlib
import hmac
import json
import pathlib
import random

OUT = pathlib.Path(__file__).resolve().parent.parent / "tests" / "Infrastructure.Tests" / "Goldens" / "webhooks.json"

# The example that libraries for the specification are tested with.
KNOWN = {
    "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "timestamp": 1614265330, "body": '{"test": 2432232314}',
    "signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}


def sign(secret, message_id, timestamp, body):
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message_id}.{timestamp}.{body}".encode()
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def cases():
    assert sign(KNOWN["secret"], KNOWN["id"], KNOWN["timestamp"], KNOWN["body"]) == KNOWN["signature"]
    yield KNOWN
    draw = random.Random(17)
    bodies = ["", "{}", '{"type":"job.succeeded","data":{"name":"Vögel, \\"small\\" 🐦"}}', "a.b.c", "x" * 10_000]
    for body in bodies:
        case = {
            "secret": "whsec_" + base64.b64encode(draw.randbytes(draw.randint(24, 64))).decode(),
            "id": f"msg_{draw.getrandbits(128):032x}", "timestamp": draw.randint(0, 2**33), "body": body,
        }
        yield {**case, "signature": sign(case["secret"], case["id"], case["timestamp"], body)}


OUT.parent.mkdir(parents=True, exist_ok=True)
OUT.write_text(json.dumps(list(cases()), indent=1) + "\n")
