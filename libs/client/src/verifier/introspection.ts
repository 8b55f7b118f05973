import type { IntrospectionResponseDto } from '@latchkey/auth-models';

/** Response to an introspection. Servers without a revocation feed send neither of the two members. */
export interface Introspection extends IntrospectionResponseDto {
  /** Seconds for which a verifier with a fresh feed may cache the response. */
  remember_for?: number;
  /** Whether the response holds for the address in the request only. */
  bound_to_address?: boolean;
}

/** Introspection of a valid token, with all members that a verifier reads. */
export interface ActiveIntrospection extends Introspection {
  readonly active: true;
  readonly sub: string;
  readonly username: string;
  readonly jti: string;
}

/** Introspection of a token that is not valid. Older servers send no reason. */
export interface InactiveIntrospection extends Introspection {
  readonly active: false;
}

/** Latest time of a Date in seconds (ECMAScript, section 21.4.1.1). */
const TIME_MAX = 8.64e12;

const isText = (value: unknown): boolean => typeof value === 'string';
const isName = (value: unknown): boolean => isText(value) && value !== '';
const isSeconds = (value: unknown): boolean => typeof value === 'number' && value >= 0 && value <= TIME_MAX;

const isTime = (value: unknown): boolean => typeof value === 'string' && !Number.isNaN(Date.parse(value));

/**
 * Checks of all members that a verifier reads. A string must not pass as a list: its `includes` matches any
 * part of it.
 */
const ACTIVE_MEMBERS: Readonly<Record<string, (value: unknown) => boolean>> = {
  active: (value) => value === true,
  sub: isName,
  username: isName,
  jti: isName,
  scope: optional(isText),
  roles: optional((value) => Array.isArray(value) && value.every(isText)),
  metadata: optional((value) => typeof value === 'object' && value !== null && !Array.isArray(value)),
  exp: optional(isSeconds),
  expiration_time: optional(isTime),
  superseded: optional((value) => typeof value === 'boolean'),
  auth_time: optional(isSeconds),
  amr: optional((value) => Array.isArray(value) && value.every(isText)),
  remember_for: optional(isSeconds),
  bound_to_address: optional((value) => typeof value === 'boolean'),
};

const INACTIVE_MEMBERS: typeof ACTIVE_MEMBERS = {
  reason: optional(isText),
  retry_after: optional(isSeconds),
};

/**
 * Reads the response to an introspection.
 *
 * @throws TypeError if a member has another type than Latchkey sends.
 */
export function readIntrospection(body: unknown): ActiveIntrospection | InactiveIntrospection {
  const members = Object(body) as Record<string, unknown>;
  const checks = Object.entries(members.active === false ? INACTIVE_MEMBERS : ACTIVE_MEMBERS);
  const [invalid] = checks.find(([name, accepts]) => !accepts(members[name])) ?? [];
  if (invalid !== undefined) {
    throw new TypeError(`The introspection response has no valid "${invalid}".`);
  }
  return members as unknown as ActiveIntrospection | InactiveIntrospection;
}

function optional(accepts: (value: unknown) => boolean): (value: unknown) => boolean {
  return (value) => value === undefined || accepts(value);
}
