import type { ApiTokenPolicyDto, PasswordPolicyDto } from '../dto/server/server-policy.dto.js';
import { PASSWORD_DEFAULT_MIN_LENGTH } from '../limits.js';

/** Members of the server policy that validators depend on. */
export interface ValidationPolicy {
  readonly password: Pick<PasswordPolicyDto, 'minLength'>;
  readonly apiTokens: Pick<ApiTokenPolicyDto, 'noExpiry'>;
}

/** Policy of a server with default settings, which validators use unless they get another. */
export const DEFAULT_POLICY: ValidationPolicy = {
  password: { minLength: PASSWORD_DEFAULT_MIN_LENGTH },
  apiTokens: { noExpiry: false },
};

const policies = new WeakMap<object, ValidationPolicy>();

/** Validates an object by the policy of a server. Returns the object. */
export function withPolicy<T extends object>(dto: T, policy: ValidationPolicy): T {
  policies.set(dto, policy);
  return dto;
}

/** Returns the policy by which an object is validated. */
export function policyOf(dto: object | undefined): ValidationPolicy {
  return (dto && policies.get(dto)) ?? DEFAULT_POLICY;
}
