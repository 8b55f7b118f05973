/** Actions in the audit trail. They follow the OWASP Logging Vocabulary where it has a term. */
export const AUDIT_ACTIONS = [
  'authn_login_success',
  'authn_login_fail',
  'authn_logout',
  'authn_password_set',
  'authn_password_change',
  'authn_password_change_fail',
  'authn_password_reset',
  'authn_second_factor_added',
  'authn_second_factor_removed',
  'authn_second_factor_fail',
  'authn_second_factors_reset',
  'authn_recovery_codes_created',
  'authn_recovery_code_used',
  'seal_key_rotated',
  'authn_passkey_copied',
  'authn_token_created',
  'authn_token_claimed',
  'authn_token_updated',
  'authn_token_rotated',
  'authn_token_revoked',
  'authn_token_leaked',
  'authn_token_expiring',
  'authn_old_secret_used',
  'authn_canary_used',
  'authn_step_up',
  'authn_step_up_fail',
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
  'api_created',
  'api_updated',
  'api_deleted',
  'token_template_created',
  'token_template_updated',
  'token_template_deleted',
  'offer_created',
  'offer_approved',
  'offer_rejected',
  'offer_revoked',
  'offer_reopened',
  'event_target_created',
  'event_target_updated',
  'event_target_deleted',
  'event_target_rotated',
  'event_target_tested',
  'event_target_redelivered',
  'event_target_disabled',
  'backup_overdue',
  'audit_read',
  'audit_trail_trimmed',
  'audit_verified',
  'audit_key_rotated',
  'clock_trusted',
] as const;

/** One of {@link AUDIT_ACTIONS}. */
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** Outcomes of an audited action. */
export const AUDIT_OUTCOMES = ['success', 'failure'] as const;

/** One of {@link AUDIT_OUTCOMES}. */
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number];

/** Reasons for failed sign-ins, in `after` of their entries. Only readers of the audit trail see them. */
export const SIGN_IN_FAILURES = [
  'wrong_password',
  'wrong_code',
  'wrong_passkey',
  'passkey_copied',
  'no_password',
  'user_disabled',
  'unknown_name',
  'throttled',
] as const;

/** One of {@link SIGN_IN_FAILURES}. */
export type SignInFailure = (typeof SIGN_IN_FAILURES)[number];

/** Kinds of objects that an audited action applies to. */
export const AUDIT_SUBJECT_KINDS = [
  'user',
  'token',
  'role',
  'api',
  'token_template',
  'offer',
  'event_target',
  'route',
  'address',
  'audit',
] as const;

/** One of {@link AUDIT_SUBJECT_KINDS}. */
export type AuditSubjectKind = (typeof AUDIT_SUBJECT_KINDS)[number];

/** Actor id of actions that the server performs by itself, such as creating the first administrator. */
export const SERVER_ACTOR_ID = 'server';

/** Actor id of actions from the command line. */
export const COMMAND_LINE_ACTOR_ID = 'command-line';

/** Actor id of actions that follow a leak report, whose sender is not authenticated. */
export const LEAK_REPORT_ACTOR_ID = 'leak-report';
