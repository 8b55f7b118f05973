/** Types of events. An event is an entry of the audit trail that someone should know about. */
export const EVENT_TYPES = [
  'token.expiring',
  'token.created',
  'token.rotated',
  'token.revoked',
  'token.leaked',
  'token.canary_used',
  'token.old_secret_used',
  'verifier.token_expiring',
  'user.disabled',
  'login.new_network',
  'offer.waiting',
  'audit.check_failed',
  'backup.overdue',
] as const;

/** One of {@link EVENT_TYPES}. */
export type EventType = (typeof EVENT_TYPES)[number];

/** Kinds of event targets: an HTTP endpoint, or e-mail. */
export const EVENT_TARGET_KINDS = ['webhook', 'email'] as const;

/** One of {@link EVENT_TARGET_KINDS}. */
export type EventTargetKind = (typeof EVENT_TARGET_KINDS)[number];

/**
 * Formats of webhooks: the event itself, signed (`standard`), or a message for Slack and Mattermost,
 * Microsoft Teams, or Alertmanager.
 */
export const WEBHOOK_FORMATS = ['standard', 'slack', 'teams', 'alertmanager'] as const;

/** One of {@link WEBHOOK_FORMATS}. */
export type WebhookFormat = (typeof WEBHOOK_FORMATS)[number];

/** When a target receives its e-mail: with each event, or once a day. */
export const MAIL_SCHEDULES = ['immediate', 'daily'] as const;

/** One of {@link MAIL_SCHEDULES}. */
export type MailSchedule = (typeof MAIL_SCHEDULES)[number];

/** Languages of e-mail. */
export const MAIL_LANGUAGES = ['en', 'de'] as const;

/** One of {@link MAIL_LANGUAGES}. */
export type MailLanguage = (typeof MAIL_LANGUAGES)[number];

/** States of a delivery. The server attempts a `waiting` one until it succeeds or is given up. */
export const DELIVERY_STATES = ['waiting', 'delivered', 'failed'] as const;

/** One of {@link DELIVERY_STATES}. */
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** Reasons for which the server disables a target. */
export const TARGET_DISABLED_REASONS = ['gone', 'failing', 'too_many_waiting'] as const;

/** One of {@link TARGET_DISABLED_REASONS}. */
export type TargetDisabledReason = (typeof TARGET_DISABLED_REASONS)[number];

/** Message about a text that is not the name of an event target. */
export const EVENT_TARGET_NAME_MESSAGE =
  'the name of a target has up to 64 lower-case letters, digits and hyphens, and starts with a letter';
