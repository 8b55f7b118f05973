import { type AuditProblem } from '../../apps/api/src/audit/chain-check.js';
import { AuditChain } from '../../apps/api/src/audit/audit-chain.entity.js';
import { AuditEvent } from '../../apps/api/src/audit/audit-event.entity.js';
import { AuditKeys } from '../../apps/api/src/audit/audit-keys.js';
import { AuditTrailRepository } from '../../apps/api/src/audit/audit-trail.repository.js';
import { AuditVerification } from '../../apps/api/src/audit/audit-verification.js';
import { ENTITIES } from '../../apps/api/src/app.module.js';
import { Config } from '../../apps/api/src/config/config.js';
import { Database } from '../../apps/api/src/database/database.js';
import { createLogger } from '../../apps/api/src/logging/logger.js';
import { type Environment } from './server-process.js';

/** Verifies the audit trail of a server that has stopped, or runs on PostgreSQL. */
export async function verifyTrail(environment: Environment): Promise<readonly AuditProblem[]> {
  const config = Config.read(environment);
  const database = await Database.open(config, ENTITIES);
  try {
    const trail = new AuditTrailRepository(
      database.reader.getRepository(AuditEvent),
      database.reader.getRepository(AuditChain),
    );
    const keys = new AuditKeys(config, createLogger('silent'));
    return (await new AuditVerification(trail, keys).verify()).problems;
  } finally {
    await database.close();
  }
}
