import { Inject, Injectable } from '@nestjs/common';
import { HEALTH_REASONS, type HealthDto } from '@latchkey/auth-models';
import { type Verifier } from '@latchkey/client/verifier';
import { type Readiness } from '../health/readiness.service.js';
import { VERIFIER } from './remote-tokens.service.js';

/** Readiness of a verifier: whether the revocation feed is connected, or was until a moment ago. */
@Injectable()
export class VerifierReadiness implements Pick<Readiness, 'check' | 'stop'> {
  private isStopping = false;

  constructor(@Inject(VERIFIER) private readonly verifier: Verifier) {}

  stop(): void {
    this.isStopping = true;
  }

  check(): Promise<HealthDto> {
    return Promise.resolve(this.health());
  }

  private health(): HealthDto {
    const { connected, fresh } = this.verifier.status();
    if (this.isStopping) {
      return { status: 'unavailable', reason: HEALTH_REASONS.stopping };
    }
    if (!connected && !fresh) {
      return { status: 'unavailable', reason: 'The revocation feed of the server is not available.' };
    }
    return fresh ? { status: 'ok' } : { status: 'ok', remarks: [LATE] };
  }
}

const LATE = 'The revocation feed is late, so the verifier asks the server about each request.';
