import {
  EXPLANATION_STEPS,
  type ExplanationStep,
  type ExplanationStepDto,
  type RejectionCause,
  type RemedyDto,
  type RemedyKind,
} from '@latchkey/auth-models';
import { type EpochMilliseconds, toRfc3339 } from '../../common/clock.service.js';
import { containsAddress, toPresented } from '../../tokens/model/use-limits.js';
import { expiryOf, isRenewable, stateOf } from '../../tokens/model/token-state.js';
import { type OwnedToken } from '../../tokens/model/tokens.repository.js';
import { type Rejection } from './rejections.service.js';

/** Checks of a password, in order. */
const PASSWORD_STEPS: readonly ExplanationStep[] = [
  'request',
  'credentials',
  'limit',
  'secret',
  'owner',
  'scope',
];

/** The check that failed, by cause. */
const FAILED_STEP: Record<RejectionCause, ExplanationStep> = {
  ambiguous_credentials: 'request',
  credentials_in_url: 'request',
  invalid_query: 'request',
  cross_origin: 'request',
  no_credentials: 'credentials',
  malformed_credentials: 'credentials',
  unknown_secret: 'secret',
  canary: 'secret',
  wrong_password: 'secret',
  set_up_link_invalid: 'secret',
  wrong_user: 'user',
  token_revoked: 'revocation',
  user_disabled: 'owner',
  account_changed: 'owner',
  token_disabled: 'enabled',
  token_used_up: 'uses',
  token_expired: 'expiry',
  session_expired: 'expiry',
  grace_period_over: 'expiry',
  token_not_yet_valid: 'start',
  address_not_allowed: 'address',
  address_unknown: 'address',
  rate_limited: 'limit',
  throttled: 'limit',
  missing_permission: 'scope',
  superseded_secret: 'scope',
  above_your_permissions: 'scope',
  forbidden: 'scope',
};

/** Current state of the token of a rejection and of its user. */
export interface PresentState {
  /** `null` if there is no token, or it was deleted. */
  readonly token: OwnedToken | null;
  /** Whether the user holds the missing permissions and roles, so that only the scope of the token lacks them. */
  readonly ownerHolds: boolean;
  /** Whether the token has them. */
  readonly tokenHolds: boolean;
  /** Missing permissions that no API has. */
  readonly unknownPermissions: readonly string[];
  readonly now: EpochMilliseconds;
}

/** Returns the checks of a rejected request. */
export function stepsOf(rejection: Rejection, { token }: PresentState): ExplanationStepDto[] {
  const steps = rejection.isPassword ? PASSWORD_STEPS : EXPLANATION_STEPS;
  const failed = FAILED_STEP[rejection.cause];
  const index = steps.indexOf(failed);
  return steps.map((step, position) =>
    position === index
      ? { step, result: 'failed', detail: detailOf(rejection, token) }
      : { step, result: position < index ? 'passed' : 'skipped' },
  );
}

function detailOf(rejection: Rejection, token: OwnedToken | null): string {
  const { cause, detail, preview, userName, missingPermissions = [], missingRoles = [] } = rejection;
  switch (cause) {
    case 'cross_origin':
      return 'The session cookie was sent by a page of another origin.';
    case 'no_credentials':
      return detail ?? 'The request has no credentials.';
    case 'malformed_credentials':
      return detail ?? 'The token is damaged: its checksum is wrong.';
    case 'unknown_secret':
      return `No token on this server has the secret${preview === undefined ? '' : ` ${preview}`}. The token was deleted after it expired or was revoked, or it belongs to another server.`;
    case 'canary':
      return 'The token is a canary, which the server rejects like an unknown token.';
    case 'wrong_user':
      return `X-Auth-Token names another user. The token belongs to ${userName ?? 'a deleted user'}.`;
    case 'wrong_password':
      return 'The user name or the password is wrong.';
    case 'set_up_link_invalid':
      return 'The set-up link was used, has expired, or is not complete.';
    case 'account_changed':
      return 'The account was deleted or changed during the request.';
    case 'token_revoked':
      return token?.revocationTime == null
        ? 'The token was revoked, alone or with all tokens of its user.'
        : `The token was revoked at ${toRfc3339(token.revocationTime)}.`;
    case 'user_disabled':
      return userName === undefined ? 'The user was disabled.' : `The user ${userName} was disabled.`;
    case 'token_disabled':
      return token?.leakReportTime == null
        ? 'The token was disabled.'
        : `The token was disabled, because it was reported as leaked at ${toRfc3339(token.leakReportTime)}.`;
    case 'token_used_up':
      return 'The token had no uses left.';
    case 'token_expired': {
      const expiry = token && expiryOf(token);
      return expiry == null || expiry > rejection.time
        ? 'The token had expired.'
        : `The token expired at ${toRfc3339(expiry)}.`;
    }
    case 'grace_period_over':
      return detail ?? 'A rotation replaced the secret, and its grace period is over.';
    case 'missing_permission':
      return `The request requires ${[...missingPermissions, ...missingRoles].join(', ')}, which the token does not have.`;
    case 'superseded_secret':
      return 'A rotation replaced the secret. During its grace period, the old secret can only read and revoke.';
    default:
      return detail ?? 'The caller is not allowed to do this.';
  }
}

const SENTENCES: Record<Exclude<RemedyKind, 'register_permission'>, string> = {
  correct_request: 'Correct the credentials in the request.',
  correct_gateway: 'Correct the query in the configuration of the gateway.',
  send_credentials: 'Log in with POST /auth/login, and send the token in X-Auth-Token.',
  correct_user:
    'Send base64(user:token) with the name of the user of the token, or Authorization: Bearer with the token alone.',
  issue_token: 'Create a new token, and replace the old one wherever it is used.',
  investigate_canary:
    'This is a canary. Find out who had access to the place that its note names, then revoke it.',
  reset_password: 'Check the name and the password, or reset the password.',
  create_set_up_link: 'Create a new set-up link.',
  enable_user: 'Enable the user.',
  enable_token: 'Enable the token.',
  rotate_token: 'Rotate the token, use the new secret where it is needed, and then enable the token.',
  renew_token: 'Set a new expiry for the token.',
  log_in: 'Log in again.',
  use_new_secret: 'Use the secret from the latest rotation.',
  change_start: 'Wait until the token becomes valid, or change its start.',
  allow_address: 'Add the address to the allowed addresses of the token.',
  trust_proxy: 'Add the proxy to LATCHKEY_TRUSTED_PROXIES, and configure it to send X-Forwarded-For.',
  raise_rate_limit: 'Send fewer requests, or raise the rate limit of the token.',
  wait: 'Wait, or ask an administrator to lift the limit.',
  widen_token: 'Add the missing permissions or roles to the token.',
  grant_role: 'Give the user a role with the missing permissions.',
  ask_administrator: 'Ask an administrator who has these permissions.',
  retry: 'The cause is gone. Send the request again.',
};

/** Returns the remedy, based on the current state. */
export function remedyOf(rejection: Rejection, state: PresentState): RemedyDto {
  const kind = isCured(rejection, state) ? 'retry' : remedyKindOf(rejection, state);
  const detail =
    kind === 'register_permission'
      ? `No API has ${state.unknownPermissions.join(', ')}. Register the permission, or correct the gateway.`
      : SENTENCES[kind];
  return { kind, detail };
}

/** Whether the token would pass the failed check now. */
function isCured({ cause, address }: Rejection, { token, tokenHolds, now }: PresentState): boolean {
  const state = token && stateOf(token, token.user, now);
  const isValid = state === 'active' || state === 'expiring';
  switch (cause) {
    case 'token_disabled':
    case 'user_disabled':
    case 'token_expired':
    case 'token_not_yet_valid':
      return isValid;
    case 'missing_permission':
      return tokenHolds && isValid;
    case 'address_not_allowed':
      return token !== null && isValid && mayBeUsedFrom(token, address);
    default:
      return false;
  }
}

/** Whether a token can be used from an address now. */
function mayBeUsedFrom({ useLimits }: OwnedToken, text: string): boolean {
  const { networks } = useLimits === null ? {} : toPresented(useLimits);
  return !networks || containsAddress(networks, text);
}

function remedyKindOf(
  { cause, isPassword }: Rejection,
  { token, ownerHolds, unknownPermissions, now }: PresentState,
): RemedyKind {
  switch (cause) {
    case 'ambiguous_credentials':
    case 'credentials_in_url':
    case 'malformed_credentials':
    case 'cross_origin':
      return 'correct_request';
    case 'invalid_query':
      return 'correct_gateway';
    case 'no_credentials':
      return isPassword ? 'correct_request' : 'send_credentials';
    case 'wrong_user':
      return 'correct_user';
    case 'canary':
      return 'investigate_canary';
    case 'unknown_secret':
    case 'token_revoked':
    case 'token_used_up':
      return token?.kind === 'session' ? 'log_in' : 'issue_token';
    case 'wrong_password':
      return 'reset_password';
    case 'set_up_link_invalid':
      return 'create_set_up_link';
    case 'user_disabled':
      return 'enable_user';
    case 'token_disabled':
      return token?.leakReportTime == null ? 'enable_token' : 'rotate_token';
    case 'token_expired':
      return token && isRenewable(token, token.user, now) ? 'renew_token' : 'issue_token';
    case 'session_expired':
    case 'account_changed':
      return 'log_in';
    case 'grace_period_over':
    case 'superseded_secret':
      return 'use_new_secret';
    case 'token_not_yet_valid':
      return 'change_start';
    case 'address_not_allowed':
      return 'allow_address';
    case 'address_unknown':
      return 'trust_proxy';
    case 'rate_limited':
      return 'raise_rate_limit';
    case 'throttled':
      return 'wait';
    case 'missing_permission':
      if (unknownPermissions.length > 0) {
        return 'register_permission';
      }
      if (!token) {
        return 'issue_token';
      }
      return ownerHolds ? 'widen_token' : 'grant_role';
    case 'above_your_permissions':
    case 'forbidden':
      return 'ask_administrator';
  }
}
