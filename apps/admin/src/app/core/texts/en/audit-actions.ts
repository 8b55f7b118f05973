import type { AuditAction } from '@latchkey/auth-models';

/** What the audit trail records, for people. */
export const auditActions: Record<AuditAction, string> = {
  authn_login_success: 'Signed in',
  authn_login_fail: 'Failed to sign in',
  authn_logout: 'Signed out',
  authn_password_set: 'Chose a password by a link',
  authn_password_change: 'Changed the password',
  authn_password_change_fail: 'Failed to change the password',
  authn_password_reset: 'Set somebody’s password',
  authn_token_created: 'Made a token',
  authn_token_updated: 'Changed a token',
  authn_token_rotated: 'Rotated a token',
  authn_token_revoked: 'Revoked tokens',
  authn_throttle_lifted: 'Lifted a sign-in throttle',
  authz_fail: 'Was refused',
  excess_rate_limit_exceeded: 'Was throttled',
  user_created: 'Created a user',
  user_updated: 'Changed a user',
  user_deleted: 'Deleted a user',
  user_set_up_link_created: 'Made a set-up link',
  role_created: 'Created a role',
  role_updated: 'Changed a role',
  role_deleted: 'Deleted a role',
  audit_read: 'Read the audit trail',
  audit_trail_trimmed: 'Trimmed the audit trail',
  audit_key_rotated: 'Rotated the audit key',
};
