/** Whose tokens may stand differently once a transaction has ended: nobody's, everybody's, or those of users by their ids. */
export type AffectedUsers = 'none' | 'all' | readonly string[];

/** The channel of PostgreSQL on which replicas tell one another whom they have touched. */
export const REVOCATION_CHANNEL = 'latchkey_revocation';

/** Users that one transaction names; it is cheaper to void every cached token than to name more. */
export const NAMED_USERS_MAX = 1_000;

/** Users in one payload, which PostgreSQL limits to 8,000 bytes. */
const USERS_PER_PAYLOAD = 200;

const EVERYBODY = 'all';
const ID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
/** A replica of an older version knows payloads of one user only, and takes others for everybody's. */
const USERS = new RegExp(`^user:(${ID}(?:,${ID}){0,${USERS_PER_PAYLOAD - 1}})$`);

/** What is told on the channel: ids and nothing else, as everybody who may connect to the database can listen. */
export function toPayloads(affected: AffectedUsers): string[] {
  if (affected === 'none') {
    return [];
  }
  if (affected === 'all' || affected.length > NAMED_USERS_MAX) {
    return [EVERYBODY];
  }
  const parts = Array.from({ length: Math.ceil(affected.length / USERS_PER_PAYLOAD) }, (_, part) =>
    affected.slice(part * USERS_PER_PAYLOAD, (part + 1) * USERS_PER_PAYLOAD),
  );
  return parts.map((userIds) => `user:${userIds.join(',')}`);
}

/** Whom a payload tells of; everybody if it is none of ours, so that whoever sends one costs speed and nothing else. */
export function fromPayload(payload: string): AffectedUsers {
  const [, userIds] = USERS.exec(payload) ?? [];
  return userIds === undefined ? 'all' : userIds.split(',');
}
