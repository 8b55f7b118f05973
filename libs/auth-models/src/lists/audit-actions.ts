/** What the audit trail records, in OWASP's vocabulary of security events where it has a word. */
export const AUDIT_ACTIONS = [
  'authn_login_success',
  'authn_login_fail',
  'authn_logout',
  'authn_password_set',
  'authn_token_revoked',
  'user_created',
  'user_set_up_link_created',
] as const;

/** One of {@link AUDIT_ACTIONS}. */
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** How an audited act ended. */
export const AUDIT_OUTCOMES = ['success', 'failure'] as const;

/** One of {@link AUDIT_OUTCOMES}. */
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number];
