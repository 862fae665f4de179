"""Every fault that the sandbox can play, in one mix of a given strength. Pure."""

from typing import Any

Rule = dict[str, Any]
API, TOKENS, CONSENTED = "^/api.xro/", "^/connect/token", "^/connections"
# Seconds are the sandbox's, sixty to one of ours: a call is given up after a second, which are sixty, and nothing is
# saved later than 280, which is less than the quiet time of 480.
API_FAULTS: tuple[Rule, ...] = (
    {"fault": "reset_before"},
    {"fault": "reset_after"},
    {"fault": "lost_answer"},
    {"fault": "late_commit", "seconds": 20.0},
    {"fault": "late_commit", "seconds": 90.0, "status": 503},
    {"fault": "late_commit", "seconds": 280.0},
    {"fault": "cut_off"},
    {"fault": "truncated"},
    {"fault": "html"},
    {"fault": "html", "status": 502, "commits": True},
    {"fault": "error"},
    {"fault": "error", "cached": True},
    {"fault": "error", "commits": True},
    {"fault": "error", "status": 503, "retry_after": 5},
    {"fault": "error", "status": 503, "commits": True},
    {"fault": "error", "status": 504},
    {"fault": "throttled", "problem": "minute", "retry_after": 20},
    {"fault": "throttled", "problem": "concurrent"},
    {"fault": "throttled", "problem": "day", "retry_after": 90},
    {"fault": "throttled", "problem": "appminute", "retry_after": 5},
    {"fault": "unauthorised"},
    {"fault": "unknown_enum"},
    {"fault": "odd_tax_number"},
    {"fault": "read_lag", "seconds": 30.0, "method": "GET"},
    {"fault": "shuffled"},
    {"fault": "clock_skew", "seconds": 600.0},
    {"fault": "clock_skew", "seconds": -600.0},
    {"fault": "idempotency_down"},
    {"fault": "latency", "seconds": 20.0},
    {"fault": "latency", "seconds": 90.0},
    {"fault": "slow_drip", "seconds": 0.1},
)
TOKEN_FAULTS: tuple[Rule, ...] = (
    {"fault": "reset_before"},
    {"fault": "lost_answer"},
    {"fault": "error", "status": 503},
    {"fault": "html"},
    {"fault": "latency", "seconds": 20.0},
)
# What a person must mend by connecting again: now and then, and for one organisation after the other.
DISCONNECTIONS: Rule = {"fault": "disconnected", "path": API, "probability": 0.002}
DOCUMENTS_PER_DISCONNECTION = 500


def fault_rules(strength: float, *, documents: int) -> list[Rule]:
    """So that of each kind of call the share `strength` is befallen by something; 0: nothing is."""
    if not strength:
        return []
    rules = [*_spread(API_FAULTS, API, strength), *_spread(TOKEN_FAULTS, TOKENS, strength)]
    rules += _spread(TOKEN_FAULTS, CONSENTED, strength)
    times = documents // DOCUMENTS_PER_DISCONNECTION
    return [*rules, {**DISCONNECTIONS, "times": times}] if times else rules


def _spread(faults: tuple[Rule, ...], path: str, strength: float) -> list[Rule]:
    """Each falls by itself, and several may fall together."""
    each = 1 - (1 - strength) ** (1 / len(faults))
    return [{**fault, "path": path, "probability": each} for fault in faults]
