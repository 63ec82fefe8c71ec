"""The calls of a COS bucket that a backend needs."""

import base64
import hashlib
import time
import urllib.error
import urllib.request
import xml.etree.ElementTree as ElementTree
from urllib.parse import quote, urlencode, urlsplit
from xml.sax.saxutils import escape

from cos_signature import authorization

# All in seconds.
LINK_LIFE = 1800
PATIENCE = 60
COMPLETE_PATIENCE = 600


class StoreError(Exception):
    def __init__(self, status, code, message, request_id):
        super().__init__(f"{code}: {message}")
        self.status, self.code, self.request_id = status, code, request_id


class CosStore:
    def __init__(self, base_url, secret_id, secret_key):
        """base_url: https://bucket-1250000000.cos.ap-guangzhou.myqcloud.com, without a slash at its end."""
        self.base_url, self.secret_id, self.secret_key = base_url.rstrip("/"), secret_id, secret_key
        parts = urlsplit(self.base_url)
        self.host = parts.netloc
        # Prefix of every signed path, for a store that is addressed in path style.
        self.path = parts.path.lstrip("/")

    def create(self, key, content_type):
        xml = self._call("POST", key, {"uploads": ""}, headers={"content-type": content_type})[0]
        return text_of(ElementTree.fromstring(xml), "UploadId")

    def parts(self, key, upload_id):
        """All parts, ascending."""
        found, marker = [], "0"
        while True:
            query = {"uploadId": upload_id, "max-parts": "1000", "part-number-marker": marker}
            page = ElementTree.fromstring(self._call("GET", key, query)[0])
            for part in children(page, "Part"):
                number, size = int(text_of(part, "PartNumber")), int(text_of(part, "Size"))
                found.append({"partNumber": number, "size": size, "etag": text_of(part, "ETag").strip('"')})
            if text_of(page, "IsTruncated") != "true":
                return found
            marker = text_of(page, "NextPartNumberMarker")

    def complete(self, key, upload_id, parts):
        entries = "".join(
            f"<Part><PartNumber>{part['partNumber']}</PartNumber><ETag>{escape(part['etag'])}</ETag></Part>"
            for part in parts
        )
        body = f"<CompleteMultipartUpload>{entries}</CompleteMultipartUpload>".encode()
        answer = self._call("POST", key, {"uploadId": upload_id}, body, patience=COMPLETE_PATIENCE)[0]
        # COS answers 200 at once; a later failure is in the body.
        root = ElementTree.fromstring(answer)
        if local_name(root) == "Error":
            raise StoreError(503, text_of(root, "Code"), text_of(root, "Message"), text_of(root, "RequestId"))

    def abort(self, key, upload_id):
        try:
            self._call("DELETE", key, {"uploadId": upload_id})
        except StoreError as error:
            if error.code != "NoSuchUpload":
                raise

    def head(self, key):
        """Size, CRC-64 and ETag of the object; None: there is none."""
        try:
            headers = self._call("HEAD", key)[1]
        except StoreError as error:
            if error.status == 404:
                return None
            raise
        return {
            "size": int(headers["content-length"]),
            "crc64": headers["x-cos-hash-crc64ecma"],
            "etag": headers["etag"].strip('"'),
        }

    def delete(self, key):
        self._call("DELETE", key)

    def signed_url(self, method, key, query=None, headers=None):
        """A URL that carries its signature. Headers that are signed have to be sent as they are."""
        query = query or {}
        signed = {"host": self.host, **(headers or {})}
        now = int(time.time())
        # Valid from some minutes ago, in case the store's clock is behind.
        parts = authorization(
            self.secret_id, self.secret_key, method, self._path(key), query, signed, now - 300, now + LINK_LIFE
        ).split("&")
        signature = urlencode(dict(pair.split("=", 1) for pair in parts), quote_via=quote)
        joined = "&".join(filter(None, (urlencode(query, quote_via=quote), signature)))
        return f"{self._address(key)}?{joined}"

    def _call(self, method, key, query=None, body=b"", headers=None, patience=PATIENCE):
        query, headers = query or {}, dict(headers or {})
        if body:
            headers["content-md5"] = base64.b64encode(hashlib.md5(body).digest()).decode()
            headers.setdefault("content-type", "application/xml")
        now = int(time.time())
        signed = {"host": self.host, **headers}
        headers["authorization"] = authorization(
            self.secret_id, self.secret_key, method, self._path(key), query, signed, now - 300, now + 900
        )
        address = self._address(key) + (f"?{urlencode(query, quote_via=quote)}" if query else "")
        data = body if method in ("POST", "PUT") else None
        request = urllib.request.Request(address, data=data, method=method, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=patience) as answer:
                return answer.read(), answer.headers
        except urllib.error.HTTPError as error:
            raise refusal(error) from error
        except OSError as error:
            raise StoreError(0, "NetworkError", str(error), None) from error

    def _path(self, key):
        return f"{self.path}/{key}" if self.path else key

    def _address(self, key):
        return f"{self.base_url}/{quote(key, safe='/-_.~')}"


def refusal(error):
    code, message = str(error.code), error.reason
    try:
        root = ElementTree.fromstring(error.read())
        code, message = text_of(root, "Code"), text_of(root, "Message")
    except ElementTree.ParseError:
        pass  # The answer to HEAD has no body.
    return StoreError(error.code, code, message, error.headers.get("x-cos-request-id"))


def local_name(element):
    return element.tag.rsplit("}", 1)[-1]


def children(element, name):
    return [child for child in element if local_name(child) == name]


def text_of(element, name):
    found = children(element, name)
    return (found[0].text or "") if found else ""
