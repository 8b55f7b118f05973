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

/** The check that failed and the usual remedy, by cause. */
const CAUSES: Record<RejectionCause, readonly [ExplanationStep, RemedyKind]> = {
  ambiguous_credentials: ['request', 'correct_request'],
  credentials_in_url: ['request', 'correct_request'],
  invalid_query: ['request', 'correct_gateway'],
  cross_origin: ['request', 'correct_request'],
  no_credentials: ['credentials', 'send_credentials'],
  malformed_credentials: ['credentials', 'correct_request'],
  unknown_secret: ['secret', 'issue_token'],
  canary: ['secret', 'investigate_canary'],
  wrong_password: ['secret', 'reset_password'],
  // With the right password.
  second_factor_required: ['secret', 'send_code'],
  wrong_passkey: ['secret', 'use_other_factor'],
  set_up_link_invalid: ['secret', 'create_set_up_link'],
  wrong_user: ['user', 'correct_user'],
  token_revoked: ['revocation', 'issue_token'],
  user_disabled: ['owner', 'enable_user'],
  account_changed: ['owner', 'log_in'],
  token_disabled: ['enabled', 'enable_token'],
  token_used_up: ['uses', 'issue_token'],
  token_expired: ['expiry', 'issue_token'],
  session_expired: ['expiry', 'log_in'],
  grace_period_over: ['expiry', 'use_new_secret'],
  token_not_yet_valid: ['start', 'change_start'],
  address_not_allowed: ['address', 'allow_address'],
  address_unknown: ['address', 'trust_proxy'],
  rate_limited: ['limit', 'raise_rate_limit'],
  throttled: ['limit', 'wait'],
  missing_permission: ['scope', 'issue_token'],
  step_up_required: ['scope', 'log_in'],
  enrolment_required: ['scope', 'add_second_factor'],
  superseded_secret: ['scope', 'use_new_secret'],
  above_your_permissions: ['scope', 'ask_administrator'],
  forbidden: ['scope', 'ask_administrator'],
};

/** Current state of the token of a rejection and of its user. */
export interface PresentState {
  /** `null` if there is no token, or it was deleted. */
  readonly token: OwnedToken | null;
  /**
   * Whether the user holds the missing permissions and roles, so that only the scope of the token lacks them.
   */
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
  const [failed] = CAUSES[rejection.cause];
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
      // An expiry after the rejection was set later, so it is not the cause.
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
  const [, usual] = CAUSES[cause];
  switch (cause) {
    case 'no_credentials':
      return isPassword ? 'correct_request' : usual;
    case 'unknown_secret':
    case 'token_revoked':
    case 'token_used_up':
      return token?.kind === 'session' ? 'log_in' : usual;
    case 'token_disabled':
      return token?.leakReportTime == null ? usual : 'rotate_token';
    case 'token_expired':
      return token && isRenewable(token, token.user, now) ? 'renew_token' : usual;
    case 'missing_permission':
      if (unknownPermissions.length > 0) {
        return 'register_permission';
      }
      if (!token) {
        return usual;
      }
      return ownerHolds ? 'widen_token' : 'grant_role';
    default:
      return usual;
  }
}
