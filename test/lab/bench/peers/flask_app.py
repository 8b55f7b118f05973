# Flask app that reads the user of a bearer token from SQLite, as the documentation of Flask and of Flask-HTTPAuth describes.
import hashlib
import os
import sqlite3

from flask import Flask, abort, g, jsonify, request

app = Flask(__name__)


def database():
    if "database" not in g:
        g.database = sqlite3.connect(os.environ["BENCH_DATABASE"])
    return g.database


@app.teardown_appcontext
def close(_error):
    if "database" in g:
        g.database.close()


def digest(token):
    return hashlib.sha256(token.encode()).hexdigest()


@app.get("/verify")
def verify():
    if request.authorization is None or request.authorization.type != "bearer":
        abort(401)
    user = database().execute(
        "SELECT user FROM tokens WHERE digest = ? AND expires > unixepoch()",
        (digest(request.authorization.token),),
    ).fetchone()
    if user is None:
        abort(401)
    return jsonify(user=user[0])


@app.get("/health")
def health():
    return "", 204


with app.app_context():
    database().executescript(
        "PRAGMA journal_mode = WAL;"
        "CREATE TABLE tokens (digest TEXT PRIMARY KEY, user TEXT NOT NULL, expires INTEGER NOT NULL);"
    )
    database().execute(
        "INSERT INTO tokens VALUES (?, 'Ada', unixepoch() + 86400)", (digest(os.environ["BENCH_TOKEN"]),)
    )
    database().commit()
