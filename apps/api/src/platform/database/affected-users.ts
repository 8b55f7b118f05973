/** Users whose cached tokens a transaction invalidates: none, all, or those with these ids. */
export type AffectedUsers = 'none' | SomeUsers;

/** All users, or those with these ids. */
export type SomeUsers = 'all' | readonly string[];

/** PostgreSQL channel on which replicas notify each other of affected users. */
export const REVOCATION_CHANNEL = 'latchkey_revocation';

/**
 * Maximum number of users that a transaction names. For more it is cheaper to invalidate all cached tokens.
 */
export const NAMED_USERS_MAX = 1_000;

/** Users per payload, which PostgreSQL limits to 8,000 bytes. */
const USERS_PER_PAYLOAD = 200;

const ALL_USERS = 'all';
const ID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
/** Older versions know payloads with one user only, and read all others as `all`. */
const USERS = new RegExp(`^user:(${ID}(?:,${ID}){0,${USERS_PER_PAYLOAD - 1}})$`);

/**
 * Returns the payloads for the channel. They hold ids only, because every client of the database can listen.
 */
export function toPayloads(affected: AffectedUsers): string[] {
  if (affected === 'none') {
    return [];
  }
  if (affected === 'all' || affected.length > NAMED_USERS_MAX) {
    return [ALL_USERS];
  }
  const parts = Array.from({ length: Math.ceil(affected.length / USERS_PER_PAYLOAD) }, (_, part) =>
    affected.slice(part * USERS_PER_PAYLOAD, (part + 1) * USERS_PER_PAYLOAD),
  );
  return parts.map((userIds) => `user:${userIds.join(',')}`);
}

/**
 * Returns the affected users of a payload; `all` for an unknown one, so that a forged payload only costs
 * speed.
 */
export function fromPayload(payload: string): SomeUsers {
  const [, userIds] = USERS.exec(payload) ?? [];
  return userIds === undefined ? 'all' : userIds.split(',');
}
