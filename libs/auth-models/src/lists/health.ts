/** Reasons why a server is not ready. Clients find their translations by the message. */
export const HEALTH_REASONS = {
  stopping: 'The server is stopping.',
  databaseUnavailable: 'The database does not respond.',
  unwritable:
    'The database accepts no changes. Its disk may be full, or it may be read-only. The log has the cause.',
  diskFailed: 'The disk has failed. Check it, then restart the server.',
} as const;

/** Message in {@link HEALTH_REASONS}. */
export type HealthReason = (typeof HEALTH_REASONS)[keyof typeof HEALTH_REASONS];

/** Warnings of a server that is ready. Clients find their translations by the message. */
export const HEALTH_REMARKS = {
  notificationsLost:
    'Notifications from other replicas do not arrive, so the server reads every token from the database.',
  notificationsNotDelivered:
    'PostgreSQL notifications do not arrive, so the server reads every token from the database. Point DATABASE_URL directly at PostgreSQL, or at a pooler in session mode.',
  clockAhead:
    'The clock is more than 30 days ahead of the last time recorded in this database, so the server deletes no old data. Set the clock. If it is right, run: latchkey trust-clock',
  clockBehind:
    'The clock is behind the last time recorded in this database, so tokens expire too late. Set the clock. If it is right, and was ahead before, run: latchkey trust-clock',
} as const;

/** Message in {@link HEALTH_REMARKS}. */
export type HealthRemark = (typeof HEALTH_REMARKS)[keyof typeof HEALTH_REMARKS];
