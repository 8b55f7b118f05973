"""Client of the Latchkey authentication server."""

from .client import LatchkeyClient, TokenCredentials
from .errors import ErrorResponse, LatchkeyError, VerificationError
from .principal import Principal
from .verifier import Verifier, VerifierStatus
from .webhooks import WebhookError, verify_webhook

__version__ = "0.1.0"

__all__ = [
    "ErrorResponse",
    "LatchkeyClient",
    "LatchkeyError",
    "Principal",
    "TokenCredentials",
    "VerificationError",
    "Verifier",
    "VerifierStatus",
    "WebhookError",
    "verify_webhook",
]
