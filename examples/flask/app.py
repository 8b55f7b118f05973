import os
import signal
import sys

from flask import Flask, g

from latchkey import Verifier
from latchkey.flask import create_guard

verifier = Verifier(
    url=os.environ["AUTH_URL"],
    token_file=os.environ["AUTH_TOKEN_FILE"],
    name="example-flask",
)
requires = create_guard(verifier)
app = Flask(__name__)


@app.get("/health")
def health():
    return vars(verifier.status())


@app.get("/hello")
@requires()
def hello():
    return {"hello": g.principal.name}


@app.get("/orders")
@requires("orders:read")
def orders():
    return []


if __name__ == "__main__":
    # Exits at SIGTERM, which reports the last uses. Gunicorn and uWSGI do so themselves.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    app.run(port=int(os.environ.get("PORT", 8080)))
