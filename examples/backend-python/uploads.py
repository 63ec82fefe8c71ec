"""What each call does. Believes nothing that a page declares: the store's list and the object decide."""

import hashlib
import re
import secrets
import sqlite3
import threading
from datetime import datetime, timedelta, timezone

from cos_store import LINK_LIFE, StoreError

MIB = 1 << 20
PART_SIZE = 8 * MIB
MOST_PARTS = 10_000
LARGEST_FILE = 5 << 40
KEPT = timedelta(days=7)
URLS_AT_ONCE = 100


class Problem(Exception):
    """A refusal, as docs/api.md has it."""

    def __init__(self, status, code, detail, more=None):
        super().__init__(detail)
        self.status, self.code, self.detail, self.more = status, code, detail, more or {}

    def document(self):
        fixed = {"type": "about:blank", "title": self.code, "status": self.status}
        return {**fixed, "detail": self.detail, "code": self.code, **self.more}


class Uploads:
    def __init__(self, store, records):
        self._store, self._records = store, records
        # Serializes calls for the same owner and file, or for the same upload. Unrelated ones sometimes share a lock.
        self._locks = [threading.Lock() for _ in range(256)]

    def _lock(self, *what):
        return self._locks[hash(what) % len(self._locks)]

    def open(self, owner, body):
        file = checked_file(body)
        # The fingerprint hashes only samples, so an open upload with this fingerprint may be of another file.
        own = f"{file['identity']}~{hashlib.sha256(file['name'].encode()).hexdigest()[:16]}"
        separate = body.get("separate") is True
        with self._lock(owner, file["identity"]):
            upload = self._records.find_open(owner, own)
            if upload is None and not separate:
                upload = self._records.find_open(owner, file["identity"])
            if separate:
                file["identity"] = own
            created = upload is None
            parts = [] if created else self._parts_or_none(upload)
            if created or upload["size"] != file["size"]:
                if not created:
                    self._end(owner, upload, "cancelled")
                upload, created = self._create(owner, file)
                parts = [] if created else self._parts_or_none(upload) or []
            elif parts is None:
                # The store no longer has the multipart upload: start another one for the same record.
                upload = {**upload, "uploadId": self._start(upload)}
                self._records.put(owner, upload)
                parts = []
        return {
            "upload": upload,
            "created": created,
            "parts": parts,
            "checksums": {"part": "crc64ecma", "object": "crc64ecma", "etagIsMd5": True},
            **self._grant(upload, None),
        }

    def _create(self, owner, file):
        """The new upload and True, or the one that another process opened at the same moment and False."""
        now = datetime.now(timezone.utc)
        size = file["size"]
        part_size = max(PART_SIZE, -(-size // MOST_PARTS // MIB) * MIB)
        name = re.sub(r"[^A-Za-z0-9._-]+", "_", re.split(r"[/\\]", file["name"])[-1]).strip(".")[-100:]
        upload = {
            **file,
            "id": secrets.token_hex(16),
            # Random, so that nobody can guess a key and no file overwrites another.
            "key": f"uploads/{now:%Y/%m/%d}/{secrets.token_hex(16)}/{name or 'file'}",
            "uploadId": None,
            "mode": "multipart",
            "partSize": part_size,
            "partCount": max(1, -(-size // part_size)),
            "state": "open",
            "createdAt": iso(now),
            "updatedAt": iso(now),
            "expiresAt": iso(now + KEPT),
            "finishedAt": None,
            "url": None,
            "crc64": None,
            "crc64Type": "crc64ecma",
            "etag": None,
        }
        upload["uploadId"] = self._start(upload)
        try:
            self._records.put(owner, upload)
        except sqlite3.IntegrityError:
            # Another process of this server has opened an upload of this file first.
            self._store.abort(upload["key"], upload["uploadId"])
            return self._records.find_open(owner, upload["identity"]), False
        return upload, True

    def _start(self, upload):
        kind = upload["type"] if re.fullmatch(r"[\w.+-]+/[\w.+-]+", upload["type"]) else "application/octet-stream"
        return self._store.create(upload["key"], kind)

    def get(self, owner, upload_id):
        upload = self._records.find(owner, upload_id)
        if upload is None:
            raise Problem(404, "not-found", "There is no such upload.")
        return upload

    def _unfinished(self, owner, upload_id):
        upload = self.get(owner, upload_id)
        if upload["state"] == "done":
            raise Problem(409, "already-done", "The upload is finished.", {"upload": upload})
        if upload["state"] != "open":
            raise Problem(410, "upload-gone", "The upload has ended. Open a new one.")
        return upload

    def renew(self, owner, upload_id, body):
        upload = self._unfinished(owner, upload_id)
        numbers = body.get("partNumbers")
        good = numbers is None or (
            isinstance(numbers, list) and all(isinstance(n, int) and 1 <= n <= upload["partCount"] for n in numbers)
        )
        if not good or len(numbers or ()) > 1000:
            raise Problem(400, "invalid-request", '"partNumbers" has to be numbers of parts, at most 1000.')
        now = datetime.now(timezone.utc)
        self._records.put(owner, {**upload, "updatedAt": iso(now), "expiresAt": iso(now + KEPT)})
        return self._grant(upload, numbers)

    def parts(self, owner, upload_id):
        parts = self._parts_or_none(self._unfinished(owner, upload_id))
        if parts is None:
            raise Problem(410, "upload-gone", "The store has no such upload any more. Open a new one.")
        return parts

    def _parts_or_none(self, upload):
        try:
            return self._store.parts(upload["key"], upload["uploadId"])
        except StoreError as error:
            if error.code == "NoSuchUpload":
                return None
            raise

    def _grant(self, upload, numbers):
        """A URL for each part, which takes just as many bytes as the part has."""
        now = datetime.now(timezone.utc).timestamp()
        wanted = numbers or range(1, min(URLS_AT_ONCE, upload["partCount"]) + 1)
        urls = {}
        for number in wanted if upload["state"] == "open" else ():
            query = {"partNumber": str(number), "uploadId": upload["uploadId"]}
            headers = {"content-length": str(size_of(upload, number))}
            urls[str(number)] = self._store.signed_url("PUT", upload["key"], query, headers)
        return {"access": {"mode": "urls", "urls": urls, "expiresAt": now + LINK_LIFE}, "serverTime": now}

    def complete(self, owner, upload_id, body, base):
        with self._lock(upload_id):
            upload = self.get(owner, upload_id)
            if upload["state"] == "done":
                return upload
            upload = self._unfinished(owner, upload_id)
            crc64, etags = checked_complete(body, upload)
            stored = self._parts_or_none(upload)
            if stored is not None:
                self._compare(upload, stored, etags)
                self._store.complete(upload["key"], upload["uploadId"], stored)
            # Without parts, an earlier complete call, whose answer was lost, may have made the object.
            made = self._store.head(upload["key"])
            if made is None:
                self._end(owner, upload, "failed")
                raise Problem(410, "upload-gone", "The store has lost the parts. Open a new upload.")
            if made["size"] != upload["size"] or made["crc64"] != crc64:
                self._store.delete(upload["key"])
                self._end(owner, upload, "failed")
                raise Problem(409, "checksum-mismatch", "The object is not what was declared; it was removed.")
            now = iso(datetime.now(timezone.utc))
            done = {
                **upload,
                "state": "done",
                "updatedAt": now,
                "finishedAt": now,
                "url": f"{base}/uploads/{upload_id}/object",
                "crc64": made["crc64"],
                "etag": made["etag"],
            }
            self._records.put(owner, done)
            return done

    def _compare(self, upload, stored, etags):
        found = {part["partNumber"]: part for part in stored}
        wrong = [
            number
            for number, etag in enumerate(etags, 1)
            if number not in found
            or found[number]["size"] != size_of(upload, number)
            # Empty if the page could not read the ETag. The CRC-64 of the whole object decides then.
            or etag not in ("", found[number]["etag"])
        ]
        if wrong:
            raise Problem(409, "parts-mismatch", "Send these parts again.", {"partNumbers": wrong})

    def cancel(self, owner, upload_id):
        with self._lock(upload_id):
            upload = self.get(owner, upload_id)
            if upload["state"] == "done":
                raise Problem(409, "already-done", "The upload is finished.", {"upload": upload})
            self._end(owner, upload, "cancelled")

    def _end(self, owner, upload, state):
        self._records.put(owner, {**upload, "state": state})
        self._store.abort(upload["key"], upload["uploadId"])

    def page(self, owner, query):
        states = ("done",) if query.get("state") == "done" else ("open",)
        limit = query.get("limit", "50")
        if not limit.isdecimal() or not 1 <= int(limit) <= 200:
            raise Problem(400, "invalid-request", '"limit" has to be 1 to 200.')
        cursor = query["cursor"].split("~") if "cursor" in query else None
        if cursor is not None and len(cursor) != 2:
            raise Problem(400, "invalid-request", '"cursor" has to be one that was answered.')
        found = self._records.page(owner, states, int(limit), cursor)
        page = found[: int(limit)]
        more = f"{page[-1]['createdAt']}~{page[-1]['id']}" if len(found) > len(page) else None
        return {"uploads": page, "next": more}

    def link(self, owner, upload_id):
        upload = self.get(owner, upload_id)
        if upload["state"] != "done":
            raise Problem(404, "not-found", "There is no such object.")
        return self._store.signed_url("GET", upload["key"])


def size_of(upload, number):
    return min(upload["partSize"], upload["size"] - (number - 1) * upload["partSize"])


def checked_file(body):
    identity, name, size, kind = (body.get(member) for member in ("identity", "name", "size", "type"))
    rules = {
        "identity": isinstance(identity, str) and re.fullmatch(r"[0-9A-Za-z:._~-]{1,111}", identity),
        "name": isinstance(name, str) and 1 <= len(name) <= 1024,
        "size": type(size) is int and 0 <= size,
        "type": kind is None or (isinstance(kind, str) and len(kind) <= 255),
    }
    wrong = [{"path": path, "message": "is missing or not valid"} for path, good in rules.items() if not good]
    if wrong:
        names = ", ".join(problem["path"] for problem in wrong)
        raise Problem(400, "invalid-request", f"Not valid: {names}.", {"problems": wrong})
    if size > LARGEST_FILE:
        raise Problem(413, "too-large", "The file is too large.", {"maxBytes": LARGEST_FILE})
    return {"identity": identity, "name": name, "size": size, "type": kind or ""}


def checked_complete(body, upload):
    size, crc64, etags = body.get("size"), body.get("crc64"), body.get("etags")
    if size != upload["size"]:
        raise Problem(400, "invalid-request", f"The upload was opened for {upload['size']} bytes.")
    if not isinstance(crc64, str) or not crc64.isdecimal():
        raise Problem(400, "invalid-request", '"crc64" of the whole file is needed.')
    if not isinstance(etags, list) or len(etags) != upload["partCount"]:
        raise Problem(400, "invalid-request", f"\"etags\" has to have one for each of {upload['partCount']} parts.")
    return crc64, etags


def iso(time):
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")
