"""Errors of requests to Latchkey, and of verifications."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_REALM = 'realm="latchkey"'
_RETRY_SECONDS = 2
_TOKEN_FORM = (
    "The credentials are malformed or incomplete. "
    "X-Auth-Token takes base64(user:token). Authorization: Bearer takes the token."
)

DETAILS: Mapping[str, str] = {
    "ambiguous_credentials": "The request has two credentials of one kind,"
    " or credentials for different tokens.",
    "unauthenticated": "The request has no valid credentials.",
    "token_expired": "The token has expired.",
    "token_disabled": "The token is disabled.",
    "token_revoked": "The token was revoked.",
    "token_not_yet_valid": "The token is not valid yet.",
    "token_used_up": "The token has reached its maximum number of uses. Ask for a new one.",
    "user_disabled": "The user of this token is disabled.",
    "forbidden": "You do not have the permission that this request requires.",
    "insufficient_scope": "The token does not have the permissions and roles that the request requires.",
    "step_up_required": "The last sign-in is too old for this. Prove again who you are with POST /auth/step-up,"
    " and repeat the request.",
    "enrolment_required": "Your account requires a second factor. Prove it with POST /auth/step-up,"
    " or add one in My account.",
    "address_not_allowed": "The token cannot be used from this address.",
    "rate_limited": "The token has reached its rate limit. Wait and try again.",
    "overloaded": "The server is busy. Wait and try again.",
    "unavailable": "The server cannot handle the request at the moment. Try again later.",
}
"""Details of the codes that a verification raises, in the words of the server."""


class LatchkeyError(Exception):
    """Rejected or failed request.

    In addition to the codes of the server, `code` can be `unreachable` without a response, `timeout` if it
    took too long, and `unexpected_response` for a response that is not from Latchkey, for example from a
    gateway.
    """

    def __init__(
        self,
        code: str,
        title: str,
        detail: str,
        *,
        status: int | None = None,
        trace_id: str | None = None,
        errors: Sequence[Mapping[str, object]] = (),
        retry_after: float | None = None,
    ) -> None:
        messages = "; ".join(str(error.get("message", "")) for error in errors)
        super().__init__(" ".join(part for part in (detail, messages) if part))
        self.code = code
        """Code for programs."""
        self.title = title
        """Short summary of the code."""
        self.detail = detail
        """Explanation of this occurrence, and often what to do next."""
        self.status = status
        """HTTP status code. `None` without a response."""
        self.trace_id = trace_id
        """Request id, as in the server's log. `None` without a response of Latchkey."""
        self.errors = tuple(errors)
        """Errors in members of the body or in parameters."""
        self.retry_after = retry_after
        """Seconds after which the next attempt can succeed."""


@dataclass(frozen=True)
class ErrorResponse:
    """HTTP response to a request that was not accepted."""

    status: int
    headers: dict[str, str]
    body: dict[str, object]
    """Problem details (RFC 9457)."""


class VerificationError(LatchkeyError):
    """Credentials that were rejected, or could not be verified (503)."""

    status: int

    def __init__(
        self,
        code: str,
        status: int,
        *,
        detail: str | None = None,
        challenge: str | None = None,
        missing_permissions: Sequence[str] = (),
        missing_roles: Sequence[str] = (),
        retry_after: float | None = None,
        trace_id: str | None = None,
    ) -> None:
        title = code.replace("_", " ").capitalize()
        super().__init__(
            code,
            title,
            DETAILS[code] if detail is None else detail,
            status=status,
            trace_id=trace_id,
            retry_after=retry_after,
        )
        self.challenge = challenge
        """Value of `WWW-Authenticate` for the response."""
        self.missing_permissions = tuple(missing_permissions)
        """Permissions that the token lacks."""
        self.missing_roles = tuple(missing_roles)
        """Roles that the token lacks."""

    def with_trace_id(self, trace_id: str) -> VerificationError:
        """Returns a copy with the id of the request, by which the server explains the rejection."""
        return self._copy(self.challenge, trace_id)

    def offering_basic(self) -> VerificationError:
        """Returns a copy that also offers Basic. Basic comes first: some clients read only one challenge."""
        challenges = [f'Basic {_REALM}, charset="UTF-8"', self.challenge]
        return self._copy(", ".join(one for one in challenges if one is not None), self.trace_id)

    def to_response(self, public_url: str | None = None) -> ErrorResponse:
        """Returns the response for the client.

        `public_url` is the URL at which clients reach Latchkey, which explains each code. Without it, `type`
        is `about:blank`.
        """
        headers = {"content-type": "application/problem+json; charset=utf-8", "cache-control": "no-store"}
        if self.challenge is not None:
            headers["www-authenticate"] = self.challenge
        if self.status == 403:
            headers["x-auth-error"] = self.code
        if self.missing_permissions:
            headers["x-auth-missing-permissions"] = " ".join(self.missing_permissions)
        if self.missing_roles:
            headers["x-auth-missing-roles"] = ",".join(self.missing_roles)
        if self.retry_after is not None:
            headers["retry-after"] = f"{self.retry_after:g}"
        if self.trace_id is not None:
            headers["x-request-id"] = self.trace_id
        body: dict[str, object] = {
            "type": "about:blank" if public_url is None else f"{public_url.rstrip('/')}/problems/{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
        }
        if self.trace_id is not None:
            body["traceId"] = self.trace_id
        return ErrorResponse(self.status, headers, body)

    def _copy(self, challenge: str | None, trace_id: str | None) -> VerificationError:
        copy = VerificationError(
            self.code,
            self.status,
            detail=self.detail,
            challenge=challenge,
            missing_permissions=self.missing_permissions,
            missing_roles=self.missing_roles,
            retry_after=self.retry_after,
            trace_id=trace_id,
        )
        copy.__cause__ = self.__cause__
        return copy


def missing_credentials() -> VerificationError:
    """Rejects a request without credentials."""
    detail = "No credentials were sent. Log in to Latchkey, and send the token in X-Auth-Token."
    return VerificationError("unauthenticated", 401, detail=detail, challenge=f"XAuthToken {_REALM}")


def malformed_credentials(detail: str = _TOKEN_FORM) -> VerificationError:
    """Rejects credentials that no server would accept."""
    challenge = f'XAuthToken {_REALM}, error="invalid_token"'
    return VerificationError("unauthenticated", 401, detail=detail, challenge=challenge)


def ambiguous_credentials() -> VerificationError:
    """Rejects a request whose credentials contradict each other."""
    return VerificationError("ambiguous_credentials", 400)


def insufficient_scope(
    required: Sequence[str], missing_permissions: Sequence[str], missing_roles: Sequence[str]
) -> VerificationError:
    """Rejects a token without the required permissions or roles (RFC 6750, section 3)."""
    scope = f', scope="{" ".join(required)}"' if required else ""
    return VerificationError(
        "insufficient_scope",
        403,
        detail=f"The token does not have {', '.join([*missing_permissions, *missing_roles])}.",
        challenge=f'XAuthToken {_REALM}, error="insufficient_scope"{scope}',
        missing_permissions=missing_permissions,
        missing_roles=missing_roles,
    )


def step_up_required(
    auth_methods: Sequence[str] | None, fresh: int | None, methods: Sequence[str]
) -> VerificationError:
    """Rejects a session without the demanded proof (RFC 9470, section 3).

    `auth_methods` are those of the session; `None` for an API token, which has none.
    """
    if auth_methods is None:
        detail = "API tokens prove no login. Log in, and use the token of the session."
    elif methods and not set(methods).intersection(auth_methods):
        detail = (
            f"The session was not proved with {' or '.join(methods)}. "
            "Send POST /auth/step-up with it, or log in with it, and repeat the request."
        )
    else:
        detail = (
            f"The last login or step-up of the session is older than {fresh} seconds. "
            "Send POST /auth/step-up, and repeat the request."
        )
    age = "" if fresh is None else f", max_age={fresh}"
    challenge = f'XAuthToken {_REALM}, error="insufficient_user_authentication"{age}'
    return VerificationError("step_up_required", 403, detail=detail, challenge=challenge)


def unavailable(cause: BaseException) -> VerificationError:
    """Reports that the credentials cannot be verified. The cause is for the log, not for the client."""
    retry_after = cause.retry_after if isinstance(cause, LatchkeyError) else None
    error = VerificationError(
        "unavailable", 503, retry_after=_RETRY_SECONDS if retry_after is None else retry_after
    )
    error.__cause__ = cause
    return error


def overloaded() -> VerificationError:
    """Rejects a request because too many others wait for the server."""
    return VerificationError("overloaded", 503, retry_after=_RETRY_SECONDS)


def inactive_token(reason: str | None, retry_after: float | None) -> VerificationError:
    """Rejects a token that is not valid, with the challenge that Latchkey itself would send."""
    # A newer server may send other reasons, and an older one none.
    code = reason if reason is not None and reason in DETAILS else "unauthenticated"
    if code in ("address_not_allowed", "enrolment_required"):
        return VerificationError(code, 403)
    if code == "rate_limited":
        return VerificationError(code, 429, retry_after=retry_after)
    error = "invalid_token" if code == "unauthenticated" else code
    return VerificationError(code, 401, challenge=f'XAuthToken {_REALM}, error="{error}"')
