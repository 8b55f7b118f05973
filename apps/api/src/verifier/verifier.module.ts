import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { createVerifier } from '@latchkey/client/verifier';
import { VerifyController } from '../auth/verify/verify.controller.js';
import { VerifyFastPath } from '../auth/verify/verify-fast-path.service.js';
import { TokenAuthentication } from '../auth/verify/token-authentication.service.js';
import { Clock } from '../common/clock.service.js';
import { VERSION } from '../common/version.js';
import { HealthController } from '../health/health.controller.js';
import { metricsControllers } from '../health/metrics.controller.js';
import { Readiness } from '../health/readiness.service.js';
import { ApiValidationPipe } from '../http/bodies/api-validation.pipe.js';
import { Reauthorization, RepresentationGuard } from '../http/negotiation/representation.guard.js';
import { ApiExceptionFilter, RejectionAudit, RejectionLog } from '../http/problems/api-exception.filter.js';
import { AllowedMethods } from '../http/server/allowed-methods.js';
import { UntrustedProxies } from '../http/server/untrusted-proxies.service.js';
import { Config, type Upstream } from '../platform/config/config.js';
import { filterFailures, LOGGER, type Logger } from '../platform/logging/logger.js';
import { Metrics } from '../platform/metrics/metrics.service.js';
import { traced, type TraceHeaders } from '../platform/telemetry/telemetry.js';
import { LastUses } from '../tokens/usage/last-uses.service.js';
import { RemoteTokens, VERIFIER } from './remote-tokens.service.js';
import { VerifierGuard } from './verifier.guard.js';
import { VerifierReadiness } from './verifier-readiness.service.js';

/** Maximum number of cached tokens, as on the server. */
const ENTRIES_MAX = 100_000;

const ASK = { name: 'ask the server', isCall: true } as const;

/** The server records these rejections, from the reports of the verifier. */
const NO_AUDIT: RejectionAudit = { record: () => Promise.resolve() };

/** `latchkey verifier`: the route of the server for gateways, without its database. */
@Module({})
export class VerifierModule {
  static forRoot(config: Config, upstream: Upstream, logger: Logger, metrics: Metrics): DynamicModule {
    return {
      module: VerifierModule,
      controllers: [VerifyController, HealthController, ...metricsControllers(config)],
      providers: [
        { provide: Config, useValue: config },
        { provide: LOGGER, useValue: logger },
        { provide: Metrics, useValue: metrics },
        { provide: VERIFIER, useFactory: () => verifierFor(upstream, logger) },
        Clock,
        RemoteTokens,
        { provide: TokenAuthentication, useExisting: RemoteTokens },
        { provide: LastUses, useExisting: RemoteTokens },
        { provide: RejectionLog, useExisting: RemoteTokens },
        { provide: RejectionAudit, useValue: NO_AUDIT },
        VerifyFastPath,
        { provide: Readiness, useClass: VerifierReadiness },
        AllowedMethods,
        UntrustedProxies,
        ApiExceptionFilter,
        { provide: APP_FILTER, useExisting: ApiExceptionFilter },
        ApiValidationPipe,
        { provide: APP_PIPE, useExisting: ApiValidationPipe },
        VerifierGuard,
        { provide: Reauthorization, useExisting: VerifierGuard },
        { provide: APP_GUARD, useExisting: VerifierGuard },
        { provide: APP_GUARD, useClass: RepresentationGuard },
      ],
    };
  }
}

function verifierFor(upstream: Upstream, logger: Logger) {
  const verifier = createVerifier({
    url: upstream.url,
    // Renews the token in the file.
    ...(upstream.tokenFile === undefined ? { token: upstream.token } : { tokenFile: upstream.tokenFile }),
    version: VERSION,
    fetch: (target, init) =>
      traced(ASK, (headers) =>
        fetch(target, { ...init, headers: { ...(init?.headers as TraceHeaders), ...headers } }),
      ),
    cache: { entries: ENTRIES_MAX },
    onWarning: (error) => logger.warn(error instanceof Error ? error.message : String(error)),
  });
  // The verifier itself reports the begin and the end of an outage.
  filterFailures(logger, (_, write) => verifier.status().connected && write());
  return verifier;
}
