import { Injectable } from '@nestjs/common';
import { HEALTH_REASONS, HealthDto, type HealthReason } from '@latchkey/auth-models';
import { ClockCheck } from '../audit/trail/clock-check.service.js';
import { DatabaseHealth } from '../platform/database/database-health.service.js';
import { RevocationListener } from '../platform/replicas/revocation-listener.service.js';

/** Readiness of the process to serve requests. */
@Injectable()
export class Readiness {
  private isStopping = false;

  constructor(
    private readonly database: DatabaseHealth,
    private readonly revocations: RevocationListener,
    private readonly clock: ClockCheck,
  ) {}

  /** Reports the process as unavailable before it stops, so that load balancers stop sending requests. */
  stop(): void {
    this.isStopping = true;
  }

  /**
   * Checks whether the process can serve requests.
   *
   * @param areWritesOptional whether a server that can only verify tokens is ready. A remark then says that
   * writes fail.
   */
  async check(areWritesOptional: boolean): Promise<HealthDto> {
    if (this.isStopping) {
      return { status: 'unavailable', reason: HEALTH_REASONS.stopping };
    }
    if ((await this.database.check()) === 'unavailable') {
      return { status: 'unavailable', reason: HEALTH_REASONS.databaseUnavailable };
    }
    const reason = this.writeProblem;
    if (reason !== undefined && !areWritesOptional) {
      return { status: 'unavailable', reason };
    }
    const remarks = [reason, this.revocations.remark, this.clock.remark].filter(
      (remark) => remark !== undefined,
    );
    return { status: 'ok', ...(remarks.length > 0 && { remarks }) };
  }

  /** Why the server rejects all writes. */
  private get writeProblem(): HealthReason | undefined {
    if (this.database.hasLostDisk) {
      return HEALTH_REASONS.diskFailed;
    }
    return this.database.outage === undefined ? undefined : HEALTH_REASONS.unwritable;
  }
}
