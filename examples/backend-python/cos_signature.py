"""Signs requests for Tencent COS (436/7778), with nothing but the standard library."""

import hashlib
import hmac
from urllib.parse import quote

UNRESERVED = "-_.~"


def encode(text):
    """Percent-encodes everything but letters, digits and - _ . ~"""
    return quote(str(text), safe=UNRESERVED)


def listed(pairs):
    """The names of headers or parameters, joined by ;, and the pairs, joined by &: both sorted, names in lower case."""
    encoded = sorted((encode(name).lower(), encode(value)) for name, value in pairs.items())
    names = ";".join(name for name, _ in encoded)
    return names, "&".join(f"{name}={value}" for name, value in encoded)


def sha1_hmac(key, text):
    return hmac.new(key.encode(), text.encode(), hashlib.sha1).hexdigest()


def steps(secret_key, method, key, query, headers, start, end):
    """Every value on the way to the signature, by name; the last one is it. Times are Unix seconds."""
    key_time = f"{start};{end}"
    parameter_names, parameters = listed(query)
    header_names, header_pairs = listed(headers)
    # The path is not encoded here, unlike in the URL.
    http_string = f"{method.lower()}\n/{key}\n{parameters}\n{header_pairs}\n"
    digest = hashlib.sha1(http_string.encode()).hexdigest()
    string_to_sign = f"sha1\n{key_time}\n{digest}\n"
    sign_key = sha1_hmac(secret_key, key_time)
    return {
        "KeyTime": key_time,
        "SignKey": sign_key,
        "UrlParamList": parameter_names,
        "HeaderList": header_names,
        "HttpString": http_string,
        "StringToSign": string_to_sign,
        # The HMAC key is the text of the 40 hex digits, not the bytes they stand for.
        "Signature": sha1_hmac(sign_key, string_to_sign),
    }


def authorization(secret_id, secret_key, method, key, query, headers, start, end):
    """The header Authorization; appended to a URL as its query it signs the URL."""
    made = steps(secret_key, method, key, query, headers, start, end)
    return "&".join(
        (
            "q-sign-algorithm=sha1",
            f"q-ak={secret_id}",
            f"q-sign-time={made['KeyTime']}",
            f"q-key-time={made['KeyTime']}",
            f"q-header-list={made['HeaderList']}",
            f"q-url-param-list={made['UrlParamList']}",
            f"q-signature={made['Signature']}",
        )
    )
