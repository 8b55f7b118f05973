import {
  DETAILED_CAUSES,
  EXPLANATION_STEPS,
  type ExplanationStep,
  type ExplanationStepDto,
  fillIn,
  REJECTION_TEXTS,
  type RejectionCause,
  type RejectionFacts,
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
export function stepsOf(rejection: Rejection, state: PresentState): ExplanationStepDto[] {
  const steps = rejection.isPassword ? PASSWORD_STEPS : EXPLANATION_STEPS;
  const failed = FAILED_STEP[rejection.cause];
  const index = steps.indexOf(failed);
  return steps.map((step, position) =>
    position === index
      ? { step, result: 'failed', detail: detailOf(rejection, state) }
      : { step, result: position < index ? 'passed' : 'skipped' },
  );
}

function detailOf(rejection: Rejection, state: PresentState): string {
  const { cause, detail } = rejection;
  return detail !== undefined && DETAILED_CAUSES.includes(cause)
    ? detail
    : fillIn(REJECTION_TEXTS.causes[cause], factsOf(rejection, state));
}

function factsOf(rejection: Rejection, { token, unknownPermissions }: PresentState): RejectionFacts {
  const { missingPermissions = [], missingRoles = [], userName, preview } = rejection;
  const time = token && timeOf(rejection, token);
  return {
    missing: [...missingPermissions, ...missingRoles],
    unknown: unknownPermissions,
    user: userName,
    preview,
    time: time == null ? undefined : toRfc3339(time),
  };
}

/** Returns the time of the event that caused a rejection. */
function timeOf({ cause, time }: Rejection, token: OwnedToken): EpochMilliseconds | null {
  switch (cause) {
    case 'token_revoked':
      return token.revocationTime;
    case 'token_disabled':
      return token.leakReportTime;
    case 'token_expired': {
      // A later expiry was set after the rejection.
      const expiry = expiryOf(token);
      return expiry !== null && expiry <= time ? expiry : null;
    }
    default:
      return null;
  }
}

/** Returns the remedy, based on the current state. */
export function remedyOf(rejection: Rejection, state: PresentState): RemedyDto {
  const kind = isCured(rejection, state) ? 'retry' : remedyKindOf(rejection, state);
  return { kind, detail: fillIn(REJECTION_TEXTS.remedies[kind], factsOf(rejection, state)) };
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
