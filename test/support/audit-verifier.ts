import { type AuditProblem } from '../../apps/api/src/audit/verification/chain-check.js';
import { AuditChain } from '../../apps/api/src/audit/trail/audit-chain.entity.js';
import { AuditEvent } from '../../apps/api/src/audit/trail/audit-event.entity.js';
import { AuditKeys } from '../../apps/api/src/audit/keys/audit-keys.js';
import { AuditTrailRepository } from '../../apps/api/src/audit/trail/audit-trail.repository.js';
import { AuditVerification } from '../../apps/api/src/audit/verification/audit-verification.js';
import { ENTITIES } from '../../apps/api/src/app.module.js';
import { Config } from '../../apps/api/src/platform/config/config.js';
import { Database } from '../../apps/api/src/platform/database/database.js';
import { createLogger } from '../../apps/api/src/platform/logging/logger.js';
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
