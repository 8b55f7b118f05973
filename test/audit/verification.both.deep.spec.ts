import { expect, it } from '@jest/globals';
import { AuditVerification } from '../../apps/api/src/audit/verification/audit-verification.service.js';
import { appendAuditEvents } from '../support/database/audit-events.js';
import { useServer } from '../support/use-server.js';

const ENTRIES = 100_000;

const server = useServer();

// Covers B60 in docs/explanation/security.md.
it('the verification of the audit trail returns no problem for 100,000 entries', async () => {
  await appendAuditEvents(server, ENTRIES);
  const start = performance.now();

  const verdict = await server.app.get(AuditVerification, { strict: false }).verify();

  const took = performance.now() - start;
  process.stdout.write(
    `${verdict.entries} entries verified on ${globalThis.DATABASE_KIND} in ${took.toFixed()} ms\n`,
  );
  expect(verdict.problems).toEqual([]);
  expect(verdict.entries).toBeGreaterThanOrEqual(ENTRIES);
});
