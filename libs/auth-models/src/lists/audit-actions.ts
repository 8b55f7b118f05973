/** What the audit trail records, in OWASP's vocabulary of security events where it has a word. */
export const AUDIT_ACTIONS = [
  'authn_login_success',
  'authn_login_fail',
  'authn_logout',
  'authn_password_set',
  'authn_password_change',
  'authn_password_change_fail',
  'authn_password_reset',
  'authn_token_created',
  'authn_token_updated',
  'authn_token_rotated',
  'authn_token_revoked',
  'authn_throttle_lifted',
  'authz_fail',
  'excess_rate_limit_exceeded',
  'user_created',
  'user_updated',
  'user_deleted',
  'user_set_up_link_created',
  'role_created',
  'role_updated',
  'role_deleted',
  'audit_read',
  'audit_trail_trimmed',
  'audit_key_rotated',
  'clock_trusted',
] as const;

/** One of {@link AUDIT_ACTIONS}. */
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** How an audited act ended. */
export const AUDIT_OUTCOMES = ['success', 'failure'] as const;

/** One of {@link AUDIT_OUTCOMES}. */
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number];
