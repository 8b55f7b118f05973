import { AuditKeys } from '../../../apps/api/src/audit/keys/audit-keys.service.js';
import { sealedText } from '../../../apps/api/src/audit/trail/audit-entry.js';
import { type RunningServer } from '../use-server.js';
import { type AuditProblem } from '../../../apps/api/src/audit/verification/chain-check.js';
import { AuditChain } from '../../../apps/api/src/audit/trail/audit-chain.entity.js';
import { AuditEvent } from '../../../apps/api/src/audit/trail/audit-event.entity.js';
import { AuditRepository } from '../../../apps/api/src/audit/trail/audit.repository.js';
import { type AuditService } from '../../../apps/api/src/audit/trail/audit.service.js';
import { AuditVerification } from '../../../apps/api/src/audit/verification/audit-verification.service.js';
import { ENTITIES } from '../../../apps/api/src/app.module.js';
import { Config } from '../../../apps/api/src/platform/config/config.js';
import { Database } from '../../../apps/api/src/platform/database/database.js';
import { createLogger } from '../../../apps/api/src/platform/logging/logger.js';
import { type Environment } from '../server-process.js';

/** Events per INSERT statement. */
const BATCH_SIZE = 5_000;

const COLUMNS =
  'sequence, id, time, "actorId", "actorName", "actorTokenId", "subjectKind", "subjectId", "subjectName", action, outcome, address, ' +
  '"traceId", "before", "after", "keyId", "previousMac", mac';

/**
 * Appends sealed events to the audit trail directly in the database. The server must not write events at the
 * same time.
 */
export async function appendAuditEvents({ app, database }: RunningServer, count: number): Promise<void> {
  const key = app.get(AuditKeys, { strict: false }).ownOrCreate();
  const [end] = await database.query<{ sequence: string; mac: string }>(
    'SELECT sequence, mac FROM audit_chain',
  );
  const last = Number(end?.sequence);
  const time = Date.now();
  let mac = end?.mac ?? '';
  const rows = Array.from({ length: count }, (_, index) => {
    const event = {
      sequence: last + index + 1,
      id: `appended-${index}`,
      time,
      actorId: null,
      actorName: null,
      actorTokenId: null,
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
  // The values of each row are in the order of COLUMNS.
  for (let first = 0; first < count; first += BATCH_SIZE) {
    const values = rows.slice(first, first + BATCH_SIZE).join(', ');
    await database.execute(`INSERT INTO audit_events (${COLUMNS}) VALUES ${values}`);
  }
  await database.execute(
    `UPDATE audit_chain SET sequence = ${last + count}, mac = '${mac}', "keyId" = '${key.id}', "latestTime" = ${time}`,
  );
}

function literal(value: string | number | null): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}

/** Verifies the audit trail of a server that has stopped, or runs on PostgreSQL. */
export async function verifyAuditTrail(environment: Environment): Promise<readonly AuditProblem[]> {
  const config = Config.read(environment);
  const database = await Database.open(config, ENTITIES);
  try {
    const trail = new AuditRepository(
      database.reader.getRepository(AuditEvent),
      database.reader.getRepository(AuditChain),
    );
    const logger = createLogger('silent');
    const keys = new AuditKeys(config, logger);
    return (await new AuditVerification(trail, keys, {} as AuditService, logger).verify()).problems;
  } finally {
    await database.close();
  }
}
