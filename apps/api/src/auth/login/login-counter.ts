import { Injectable } from '@nestjs/common';
import { type ErrorCode } from '@latchkey/auth-models';
import { type Counter } from 'prom-client';
import { ApplicationError } from '../../common/application-error.js';
import { Metrics } from '../../platform/metrics/metrics.js';

const RESULTS: Partial<Record<ErrorCode, string>> = {
  unauthenticated: 'failure',
  throttled: 'throttled',
  overloaded: 'overloaded',
};

/** Counts verifications of passwords by what came of them. */
@Injectable()
export class LoginCounter {
  private readonly counter: Counter<'result'>;

  constructor(metrics: Metrics) {
    this.counter = metrics.counter(
      'latchkey_logins_total',
      'Names with passwords that were presented, by what came of them: success, failure, throttled, overloaded, error.',
      'result',
    );
    ['success', 'error', ...Object.values(RESULTS)].forEach((result) => this.counter.inc({ result }, 0));
  }

  /** Counts the outcome of a log-in, and hands it on. */
  async count<T>(login: Promise<T>): Promise<T> {
    try {
      const result = await login;
      this.counter.inc({ result: 'success' });
      return result;
    } catch (error) {
      const code = error instanceof ApplicationError ? error.code : undefined;
      this.counter.inc({ result: (code && RESULTS[code]) ?? 'error' });
      throw error;
    }
  }
}
