// The part of the library without class-validator. The console and the command line import it on its own, so
// that they start faster.
export * from '../limits.js';
export { API_NAME_PATTERN, apiOf, RESERVED_API_NAMES } from './apis.js';
export {
  AUDIT_ACTIONS,
  AUDIT_OUTCOMES,
  AUDIT_SUBJECT_KINDS,
  COMMAND_LINE_ACTOR_ID,
  LEAK_REPORT_ACTOR_ID,
  SERVER_ACTOR_ID,
  SIGN_IN_FAILURES,
  type AuditAction,
  type AuditOutcome,
  type AuditSubjectKind,
  type SignInFailure,
} from './audit.js';
export * from './enums.js';
export {
  DETAILED_CAUSES,
  EXPLANATION_STEPS,
  INACTIVE_REASONS,
  REJECTION_CAUSES,
  REMEDIES,
  STEP_RESULTS,
  type ExplanationStep,
  type RejectionCause,
  type RemedyKind,
  type StepResult,
} from './explanations.js';
export {
  DELIVERY_STATES,
  EVENT_TARGET_KINDS,
  EVENT_TYPES,
  MAIL_LANGUAGES,
  MAIL_SCHEDULES,
  TARGET_DISABLED_REASONS,
  WEBHOOK_FORMATS,
  type DeliveryState,
  type EventTargetKind,
  type EventType,
  type MailLanguage,
  type MailSchedule,
  type TargetDisabledReason,
  type WebhookFormat,
} from './events.js';
export { HEADERS, RESPONSE_HEADERS, SESSION_COOKIE_PREFERENCE } from './headers.js';
export { HEALTH_REASONS, HEALTH_REMARKS, type HealthReason, type HealthRemark } from './health.js';
export {
  BUILT_IN_PERMISSIONS,
  isPermission,
  PERMISSION_PATTERN,
  type BuiltInPermission,
} from './permissions.js';
export { BUILT_IN_ROLES, DEFAULT_ROLE, ROLE_NAME_PATTERN, type BuiltInRole } from './roles.js';
export {
  TEMPLATE_NAME_PATTERN,
  TOKEN_PATTERN,
  TOKEN_PREFIX_DEFAULT,
  TOKEN_PREFIX_PATTERN,
} from './tokens.js';
export * from './comma-separated.js';
export * from './sort.js';
export { isEmailAddress } from '../validation/email-address.js';
export { isHashablePassword, isPassword, normalizePassword, passwordLength } from '../validation/password.js';
export { formatNetwork, isInNetwork, parseNetwork, type Network } from '../validation/networks.js';
export { canonicalUserName, USER_NAME_PATTERN } from '../validation/user-name.js';
export { ERROR_CODES, PROBLEM_EXPLANATIONS, REJECTION_TEXTS, type ErrorCode } from '../texts/en.js';
export {
  fillIn,
  type RejectionFacts,
  type RejectionText,
  type RejectionTexts,
} from '../texts/rejection-texts.js';
