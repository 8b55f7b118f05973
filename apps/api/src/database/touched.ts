/** Whose tokens may stand differently once a transaction has ended: nobody's, everybody's, or those of users by their ids. */
export type Touched = 'nobody' | 'everybody' | readonly string[];

/** The channel of PostgreSQL on which replicas tell one another whom they have touched. */
export const TOUCHED_CHANNEL = 'latchkey_revocation';

/** Users that are told of one by one; beyond that it is cheaper for all to look everybody's tokens up again. */
const USERS_MAX = 20;

const EVERYBODY = 'all';
const USER = /^user:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** What is told on the channel: ids and nothing else, as everybody who may connect to the database can listen. */
export function toPayloads(touched: Touched): string[] {
  if (touched === 'nobody') {
    return [];
  }
  return touched === 'everybody' || touched.length > USERS_MAX
    ? [EVERYBODY]
    : touched.map((userId) => `user:${userId}`);
}

/** Whom a payload tells of; everybody if it is none of ours, so that whoever sends one costs speed and nothing else. */
export function fromPayload(payload: string): Touched {
  const [, userId] = USER.exec(payload) ?? [];
  return userId === undefined ? 'everybody' : [userId];
}
