"""
A backend for @carryon/client in standard-library Python: the HTTP API of docs/api.md over a COS bucket.

  COS_SECRET_ID, COS_SECRET_KEY   permanent keys; they never leave this process
  COS_URL     https://bucket-1250000000.cos.ap-guangzhou.myqcloud.com
  TOKENS      token=owner pairs, joined by commas; without them there is one owner, and everybody is it
  DATABASE    default uploads.sqlite
  HOST, PORT  default 127.0.0.1, 8080
"""

import json
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from cos_store import CosStore, StoreError
from records import Records
from uploads import Problem, Uploads

MOST_BYTES = 1 << 20


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _answer(self, status, body=None, headers=()):
        data = b"" if body is None else json.dumps(body).encode()
        kind = "application/problem+json" if status >= 400 else "application/json"
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if body is not None:
            self.send_header("content-type", kind)
        self.send_header("cache-control", "no-store")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _owner(self):
        """Who asks. Put your own sign-in here; it must not believe anything that a page can make up."""
        if not self.server.tokens:
            return "everyone"
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        owner = self.server.tokens.get(token.strip()) if scheme.lower() == "bearer" else None
        if owner is None:
            raise Problem(401, "unauthorized", "Send a token that this server knows.")
        return owner

    def _body(self):
        length = self.headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > MOST_BYTES:
            self.close_connection = True
            raise Problem(413, "too-large", f"A request has at most {MOST_BYTES} bytes.")
        data = self.rfile.read(int(length))
        if self.command not in ("POST", "PATCH"):
            return {}
        # Another site's page cannot send this content type without a CORS preflight.
        if self.headers.get_content_type() != "application/json":
            raise Problem(400, "invalid-request", "Send JSON, with Content-Type: application/json.")
        try:
            body = json.loads(data)
        except ValueError as error:
            raise Problem(400, "invalid-request", f"The body is no JSON: {error}") from error
        if not isinstance(body, dict):
            raise Problem(400, "invalid-request", "The body has to be an object.")
        return body

    def _route(self):
        body = self._body()
        owner = self._owner()
        address = urlsplit(self.path)
        parts = address.path.removeprefix("/api/").strip("/").split("/")
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        uploads = self.server.uploads
        call = (self.command, *parts[:1], *([":id"] if len(parts) > 1 else []), *parts[2:])
        base = f"http://{self.headers.get('host', '')}/api"
        match call:
            case ("POST", "uploads"):
                opened = uploads.open(owner, body)
                return self._answer(201 if opened["created"] else 200, opened)
            case ("GET", "uploads"):
                return self._answer(200, uploads.page(owner, query))
            case ("GET", "uploads", ":id"):
                return self._answer(200, {"upload": uploads.get(owner, parts[1])})
            case ("DELETE", "uploads", ":id"):
                uploads.cancel(owner, parts[1])
                return self._answer(204)
            case ("POST", "uploads", ":id", "access"):
                return self._answer(200, uploads.renew(owner, parts[1], body))
            case ("GET", "uploads", ":id", "parts"):
                return self._answer(200, {"parts": uploads.parts(owner, parts[1])})
            case ("POST", "uploads", ":id", "complete"):
                return self._answer(200, {"upload": uploads.complete(owner, parts[1], body, base)})
            case ("GET", "uploads", ":id", "object"):
                return self._answer(302, headers=[("location", uploads.link(owner, parts[1]))])
        raise Problem(404, "not-found", "There is no such call.")

    def _handle(self):
        try:
            self._route()
        except Problem as problem:
            self._answer(problem.status, problem.document())
        except StoreError as error:
            denied = error.status in (401, 403)
            status, code = (502, "store-denied") if denied else (503, "store-unavailable")
            more = {"storeCode": error.code, "requestId": error.request_id}
            self._answer(status, Problem(status, code, f"The store refused: {error}", more).document())
        except BrokenPipeError:
            pass
        except Exception as error:  # pylint: disable=broad-except
            print(f"{self.command} {self.path}: {error!r}", file=sys.stderr)
            self._answer(500, Problem(500, "internal", "This went wrong here; the log says why.").document())

    do_GET = do_POST = do_DELETE = do_PATCH = do_PUT = _handle

    def log_message(self, *_):
        """Addresses of requests may hold what is private."""


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address, uploads, tokens):
        super().__init__(address, Handler)
        self.uploads, self.tokens = uploads, tokens


def main():
    needed = ["COS_SECRET_ID", "COS_SECRET_KEY", "COS_URL"]
    missing = [name for name in needed if not os.environ.get(name)]
    if missing:
        sys.exit(f"Set {', '.join(missing)}.")
    store = CosStore(os.environ["COS_URL"], os.environ["COS_SECRET_ID"], os.environ["COS_SECRET_KEY"])
    uploads = Uploads(store, Records(os.environ.get("DATABASE", "uploads.sqlite")))
    pairs = filter(None, os.environ.get("TOKENS", "").split(","))
    address = (os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8080")))
    server = Server(address, uploads, dict(pair.split("=", 1) for pair in pairs))
    print(f"ready: http://{server.server_address[0]}:{server.server_address[1]}/api", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
