import { type ExecutionContext, Injectable } from '@nestjs/common';
import { AuthGuard, PassportStrategy } from '@nestjs/passport';
import { type ErrorCode } from '@latchkey/auth-models';
import { type FastifyRequest } from 'fastify';
import { Strategy } from 'passport-custom';
import { type Counter } from 'prom-client';
import { ApplicationError } from '../../common/application-error.js';
import { FIELDS } from '../../common/request/header-fields.js';
import { type Principal, principalOf, requestOf } from '../../common/request/principal.js';
import { requestOrigin } from '../../common/request/request-origin.js';
import { Metrics } from '../../platform/metrics/metrics.service.js';
import { ThrottleService } from '../../throttle/throttle.service.js';
import { basicHint } from '../credentials/credential-hints.js';
import { parseBasic } from '../credentials/decode-pair.js';
import { BasicAuthentication } from '../login/basic-authentication.service.js';

/** Name of the strategy in Passport. */
const BASIC = 'latchkey-basic';

/** Results of the metric by error code; all other errors are counted as `error`. */
const RESULTS: Partial<Record<ErrorCode, string>> = {
  unauthenticated: 'failure',
  second_factor_required: 'second_factor',
  throttled: 'throttled',
  overloaded: 'overloaded',
};

/** Authenticates by `Authorization: Basic` (RFC 7617), and counts the results. */
@Injectable()
export class BasicStrategy extends PassportStrategy(Strategy, BASIC) {
  private readonly results: Counter<'result'>;

  constructor(
    private readonly authentication: BasicAuthentication,
    private readonly throttle: ThrottleService,
    metrics: Metrics,
  ) {
    super();
    this.results = metrics.counter(
      'latchkey_logins_total',
      'Presented names with passwords by result: success, failure, second_factor, throttled, overloaded, error.',
      'result',
    );
    ['success', 'error', ...Object.values(RESULTS)].forEach((result) => this.results.inc({ result }, 0));
  }

  async validate(request: FastifyRequest): Promise<Principal> {
    const credentials = parseBasic(request.headers.authorization);
    if (!credentials) {
      const detail = basicHint(request.headers.authorization);
      throw new ApplicationError('unauthenticated', { detail });
    }
    const origin = requestOrigin(request);
    const name = credentials.name ?? credentials.givenName;
    request.rateLimits = () => this.throttle.limits(origin.address, name);
    try {
      const principal = await this.authentication.authenticate(
        credentials,
        origin,
        request.headers[FIELDS.xAuthOtp] as string | undefined,
      );
      this.results.inc({ result: 'success' });
      return principal;
    } catch (error) {
      const code = error instanceof ApplicationError ? error.code : undefined;
      this.results.inc({ result: (code && RESULTS[code]) ?? 'error' });
      throw error;
    }
  }
}

/**
 * Authenticates by name and password. Routes with `@UseGuards(BasicAuthGuard)` require these instead of a
 * token.
 */
@Injectable()
export class BasicAuthGuard extends AuthGuard(BASIC) {
  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = requestOf(context);
    // Nest calls it again because of `@UseGuards`. `AuthenticationGuard` called it first, before the check of
    // permissions.
    if (principalOf(request)?.scheme === 'basic') {
      return true;
    }
    request.expectsBasic = true;
    return (await super.canActivate(context)) as boolean;
  }
}
