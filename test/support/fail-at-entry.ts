import { afterEach, jest } from '@jest/globals';
import { AuditService } from '../../apps/api/src/audit/trail/audit.service.js';
import { ApplicationError } from '../../apps/api/src/common/application-error.js';
import { type ServerInUse } from './use-server.js';

afterEach(() => {
  jest.restoreAllMocks();
});

/** Lets the transaction fail that writes the audit trail's entry of this number from now on, until the test ends. */
export function failAtEntry(server: ServerInUse, number: number): void {
  const audit = server.app.get(AuditService, { strict: false });
  const record = audit.record.bind(audit);
  let written = 0;
  jest.spyOn(audit, 'record').mockImplementation((...entry) => {
    written += 1;
    return written === number ? Promise.reject(new ApplicationError('unavailable')) : record(...entry);
  });
}
