// Fills the audit trail of an unused database with sealed entries of 5,000 users over 400 days. One in a hundred has 40 users
// as subjects, one in five a token and its owner. The administrator is the actor of one in three.
import { AuditChain } from '../../../dist/apps/api/src/audit/trail/audit-chain.entity.js';
import { AuditEventSubject } from '../../../dist/apps/api/src/audit/trail/audit-event-subject.entity.js';
import { AuditEvent } from '../../../dist/apps/api/src/audit/trail/audit-event.entity.js';
import { sealedText } from '../../../dist/apps/api/src/audit/trail/audit-entry.js';
import { SealingKey } from '../../../dist/apps/api/src/audit/keys/sealing-key.js';
import { ENTITIES } from '../../../dist/apps/api/src/app.module.js';
import { Config } from '../../../dist/apps/api/src/platform/config/config.js';
import { Database } from '../../../dist/apps/api/src/platform/database/database.js';
import { Metrics } from '../../../dist/apps/api/src/platform/metrics/metrics.js';
import { Writes } from '../../../dist/apps/api/src/platform/database/writes.js';

const USERS = 5_000;
const SPAN = 400 * 86_400_000;
const CHUNK = 1_000;
const TOGETHER = 40;
const ACTIONS = [
  'authn_login_success',
  'authn_login_success',
  'authn_logout',
  'authn_token_created',
  'user_updated',
];

/** Returns the id of a user or entry by its number. */
export const idOf = (number, kind = 0) => `0190000${kind}-0000-7000-8000-${String(number).padStart(12, '0')}`;

/** Appends entries to an empty trail. */
export async function fillTrail(environment, count) {
  const config = Config.read({ ...environment, LATCHKEY_STATEMENT_TIMEOUT_MS: '60000' });
  const database = await Database.open(config, ENTITIES);
  const writes = new Writes(database, new Metrics());
  const key = SealingKey.parse(environment.LATCHKEY_AUDIT_KEY);
  const start = Date.now() - SPAN;
  let mac = '';
  for (let first = 1; first <= count; first += CHUNK) {
    const events = [];
    for (let sequence = first; sequence < first + CHUNK && sequence <= count; sequence += 1) {
      const event = entry(sequence, Math.floor(start + (sequence * SPAN) / count), key.id, mac);
      mac = key.seal(sealedText(event));
      events.push({ ...event, mac });
    }
    const { sequence, time } = events.at(-1);
    await writes.transaction(async (tx) => {
      await tx.insert(AuditEvent, events);
      await tx.insert(AuditEventSubject, events.flatMap(thingsOf));
      await tx.update(
        AuditChain,
        { id: 1 },
        { sequence, mac, keyId: key.id, latestTime: time, clockSetback: 1_500 },
      );
    });
  }
  await database.close();
}

/** Further subjects of an entry. */
function thingsOf({ sequence, subjectKind, subjectName }) {
  const things = sequence % 3 === 0 ? [{ sequence, id: idOf(USERS), name: 'admin' }] : [];
  if (subjectName === 'bulk') {
    const together = Array.from({ length: TOGETHER }, (_, index) => (sequence + index * 123) % USERS);
    return [...things, ...together.map((user) => thing(sequence, user))];
  }
  return subjectKind === 'token' ? [...things, thing(sequence, sequence % USERS)] : things;
}

function thing(sequence, user) {
  return { sequence, id: idOf(user), name: `user-${user}` };
}

/** One in three is by the administrator, one in fifty failed, one in 200,001 has a rare action. */
function entry(sequence, time, keyId, previousMac) {
  const user = sequence % USERS;
  const isFailure = sequence % 50 === 7;
  const actor =
    sequence % 3 === 0 ? { id: idOf(USERS), name: 'admin' } : { id: idOf(user), name: `user-${user}` };
  const action = isFailure ? 'authn_login_fail' : ACTIONS[sequence % ACTIONS.length];
  return {
    id: idOf(sequence, 1),
    sequence,
    time,
    actorId: isFailure ? null : actor.id,
    actorName: isFailure ? null : actor.name,
    actorTokenId: null,
    ...subject(sequence, user, action),
    action: sequence % 200_001 === 5 ? 'role_deleted' : action,
    outcome: isFailure ? 'failure' : 'success',
    address: sequence % 10 === 0 ? '192.0.2.1' : `10.0.${sequence % 7}.${sequence % 250}`,
    traceId: idOf(sequence, 2),
    before: null,
    after: JSON.stringify({ tokenId: idOf(sequence, 3) }),
    keyId,
    previousMac,
  };
}

function subject(sequence, user, action) {
  if (sequence % 100 === 4) {
    return { subjectKind: 'user', subjectId: null, subjectName: 'bulk' };
  }
  return action === 'authn_logout'
    ? { subjectKind: 'token', subjectId: idOf(sequence, 3), subjectName: `user-${user}` }
    : { subjectKind: 'user', subjectId: idOf(user), subjectName: `user-${user}` };
}
