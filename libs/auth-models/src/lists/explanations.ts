import { type ErrorCode } from '../texts/en.js';

/**
 * Checks of a request, in the order in which the server performs them for a token. For a password, `limit`
 * comes before `secret`, and those about tokens are absent.
 */
export const EXPLANATION_STEPS = [
  // The request is well formed, and its credentials do not contradict each other.
  'request',
  // It has credentials in a form that the server accepts.
  'credentials',
  // The secret matches a token, or the password matches the user.
  'secret',
  // The token belongs to the user in X-Auth-Token.
  'user',
  // The token is not revoked.
  'revocation',
  // Its user is enabled.
  'owner',
  // The token is enabled.
  'enabled',
  // It has uses left.
  'uses',
  // It has not expired.
  'expiry',
  // It is already valid.
  'start',
  // It can be used from the address of the client.
  'address',
  // No rate limit is exceeded.
  'limit',
  // It has the required permissions and roles, and its session the required proof.
  'scope',
] as const;

/** One of {@link EXPLANATION_STEPS}. */
export type ExplanationStep = (typeof EXPLANATION_STEPS)[number];

/** Results of a check. Checks after the failed one are `skipped`. */
export const STEP_RESULTS = ['passed', 'failed', 'skipped'] as const;

/** One of {@link STEP_RESULTS}. */
export type StepResult = (typeof STEP_RESULTS)[number];

/**
 * Causes of a rejection with 401, 403 or 429. They are more specific than the error codes that clients see.
 */
export const REJECTION_CAUSES = [
  'ambiguous_credentials',
  'credentials_in_url',
  'invalid_query',
  'cross_origin',
  'no_credentials',
  'malformed_credentials',
  'unknown_secret',
  'canary',
  'wrong_user',
  'wrong_password',
  'set_up_link_invalid',
  'account_changed',
  'token_revoked',
  'user_disabled',
  'second_factor_required',
  'wrong_passkey',
  'token_disabled',
  'token_used_up',
  'token_expired',
  'session_expired',
  'grace_period_over',
  'token_not_yet_valid',
  'address_not_allowed',
  'address_unknown',
  'rate_limited',
  'throttled',
  'missing_permission',
  'step_up_required',
  'enrolment_required',
  'superseded_secret',
  'above_your_permissions',
  'forbidden',
] as const;

/** One of {@link REJECTION_CAUSES}. */
export type RejectionCause = (typeof REJECTION_CAUSES)[number];

/** Causes for which the error's `detail` says more than the sentence in the catalogue. */
export const DETAILED_CAUSES: readonly RejectionCause[] = [
  'ambiguous_credentials',
  'credentials_in_url',
  'invalid_query',
  'no_credentials',
  'malformed_credentials',
  'session_expired',
  'grace_period_over',
  'token_not_yet_valid',
  'address_not_allowed',
  'address_unknown',
  'rate_limited',
  'throttled',
  'above_your_permissions',
  'second_factor_required',
  'wrong_passkey',
  'step_up_required',
  'forbidden',
];

/** Error codes of rejected tokens. The reason of a canary is that of an unknown token. */
export const INACTIVE_REASONS: readonly ErrorCode[] = [
  'unauthenticated',
  'token_revoked',
  'user_disabled',
  'token_disabled',
  'token_used_up',
  'token_expired',
  'token_not_yet_valid',
  'address_not_allowed',
  'rate_limited',
  'enrolment_required',
];

/** Remedies for a rejection. */
export const REMEDIES = [
  'correct_request',
  'correct_gateway',
  'send_credentials',
  'correct_user',
  'issue_token',
  'investigate_canary',
  'reset_password',
  'send_code',
  'use_other_factor',
  'create_set_up_link',
  'enable_user',
  'enable_token',
  'rotate_token',
  'renew_token',
  'log_in',
  'add_second_factor',
  'use_new_secret',
  'change_start',
  'allow_address',
  'trust_proxy',
  'raise_rate_limit',
  'wait',
  'widen_token',
  'grant_role',
  'register_permission',
  'ask_administrator',
  'retry',
] as const;

/** One of {@link REMEDIES}. */
export type RemedyKind = (typeof REMEDIES)[number];
