"""Upload records that outlive the process."""

import json
import sqlite3
import threading


class Records:
    """One table. The index makes two open uploads of one owner and file impossible."""

    def __init__(self, path):
        self._lock = threading.Lock()
        self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._database.executescript(
            """
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            CREATE TABLE IF NOT EXISTS uploads (
              id TEXT PRIMARY KEY, owner TEXT NOT NULL, identity TEXT NOT NULL,
              state TEXT NOT NULL, created TEXT NOT NULL, view TEXT NOT NULL);
            CREATE UNIQUE INDEX IF NOT EXISTS one_open ON uploads (owner, identity) WHERE state = 'open';
            CREATE INDEX IF NOT EXISTS of_owner ON uploads (owner, created DESC, id DESC);
            """
        )

    def _rows(self, sql, values):
        with self._lock:
            return [json.loads(view) for (view,) in self._database.execute(sql, values).fetchall()]

    def find(self, owner, upload_id):
        rows = self._rows("SELECT view FROM uploads WHERE owner = ? AND id = ?", (owner, upload_id))
        return rows[0] if rows else None

    def find_open(self, owner, identity):
        rows = self._rows(
            "SELECT view FROM uploads WHERE owner = ? AND identity = ? AND state = 'open'", (owner, identity)
        )
        return rows[0] if rows else None

    def put(self, owner, upload):
        """Raises sqlite3.IntegrityError when another upload of this file is open."""
        values = (upload["id"], owner, upload["identity"], upload["state"], upload["createdAt"], json.dumps(upload))
        with self._lock:
            self._database.execute(
                "INSERT INTO uploads VALUES (?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (id) DO UPDATE SET state = excluded.state, view = excluded.view",
                values,
            )

    def page(self, owner, states, limit, cursor):
        """Newest first, one more than asked for: then there is a next page."""
        created, upload_id = cursor if cursor else ("~", "~")
        marks = ", ".join("?" for _ in states)
        return self._rows(
            f"SELECT view FROM uploads WHERE owner = ? AND state IN ({marks}) AND (created, id) < (?, ?) "
            "ORDER BY created DESC, id DESC LIMIT ?",
            (owner, *states, created, upload_id, limit + 1),
        )
