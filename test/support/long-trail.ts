import { AuditKeys } from '../../apps/api/src/audit/keys/audit-keys.js';
import { sealedText } from '../../apps/api/src/audit/trail/sealed-text.js';
import { type ServerInUse } from './use-server.js';

/** Entries that one statement inserts. */
const TOGETHER = 5_000;

const COLUMNS =
  'sequence, id, time, "actorId", "actorName", "subjectKind", "subjectId", "subjectName", action, outcome, address, ' +
  '"traceId", "before", "after", "keyId", "previousMac", mac';

/** Appends so many sealed entries to the trail, behind the back of a server that writes none meanwhile. */
export async function lengthenTrail({ app, database }: ServerInUse, count: number): Promise<void> {
  const key = app.get(AuditKeys, { strict: false }).first();
  const [end] = await database.query<{ sequence: string; mac: string }>(
    'SELECT sequence, mac FROM audit_chain',
  );
  const last = Number(end?.sequence);
  const time = Date.now();
  let mac = end?.mac ?? '';
  const rows = Array.from({ length: count }, (_, index) => {
    const event = {
      sequence: last + index + 1,
      id: `long-trail-${index}`,
      time,
      actorId: null,
      actorName: null,
      subjectKind: 'user' as const,
      subjectId: null,
      subjectName: `user-${index}`,
      action: 'authn_login_success' as const,
      outcome: 'success' as const,
      address: '192.0.2.1',
      traceId: `trace-${index}`,
      before: null,
      after: '{"tokenId":"none"}',
      keyId: key.id,
      previousMac: mac,
    };
    mac = key.seal(sealedText(event));
    return `(${[...Object.values(event), mac].map(literal).join(', ')})`;
  });
  // The members stand in the order of the columns.
  for (let first = 0; first < count; first += TOGETHER) {
    const values = rows.slice(first, first + TOGETHER).join(', ');
    await database.execute(`INSERT INTO audit_events (${COLUMNS}) VALUES ${values}`);
  }
  await database.execute(
    `UPDATE audit_chain SET sequence = ${last + count}, mac = '${mac}', "keyId" = '${key.id}'`,
  );
}

function literal(value: string | number | null): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}
