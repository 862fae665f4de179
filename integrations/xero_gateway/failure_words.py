"""Why a call has no answer, in words for people: the classes of the libraries that make it are no words."""

# By the names of urllib3's classes, which the gateway's calls end in, and of those of requests, which the calls to
# the identity service end in.
WORDS = {
    "NameResolutionError": "its address was not found",
    "NewConnectionError": "no connection was made",
    "ConnectTimeoutError": "no connection was made in time",
    "ConnectTimeout": "no connection was made in time",
    "ConnectionError": "no connection was made, or it broke off",
    "SSLError": "the encryption of the connection failed",
    "ReadTimeoutError": "no answer came in time",
    "ReadTimeout": "no answer came in time",
    "ProtocolError": "the connection broke off before the answer had come",
    "ChunkedEncodingError": "the connection broke off before the answer had come",
}


def say_failure(error: Exception) -> str:
    """To stand in brackets behind what did not succeed."""
    response = getattr(error, "response", None)
    if response is not None:
        return f"HTTP {response.status_code}"
    return WORDS.get(type(error).__name__, "the connection failed")
