import {
  BULK_IDS_MAX,
  GRACE_PERIOD_MAX_SECONDS,
  HEADERS,
  PAGE_SIZE_MAX,
  PASSWORD_MAX_BYTES,
  PASSWORD_MAX_LENGTH,
  type ServerPolicyDto,
} from '@latchkey/auth-models';
import { VERSION } from '../../common/version.js';
import { type Config } from '../../platform/config/config.js';

const ENDPOINTS = {
  login: '/auth/login',
  bump: '/auth/bump',
  logout: '/auth/logout',
  me: '/me',
  verify: '/auth/verify',
  introspect: '/auth/introspect',
  revocations: '/auth/revocations',
  openapi: '/openapi.json',
};

/**
 * Returns the public policy of a server. Everyone can read it, so it has no secrets and no name of the host.
 */
export function serverPolicy(config: Config): ServerPolicyDto {
  const { sessionIdleSeconds, sessionMaxSeconds, apiTokens, tokenPrefix } = config;
  return {
    // The OpenAPI document, which is public as well, has the same version.
    version: VERSION,
    // The default may contain the name of the host.
    ...(config.hasPublicUrl && { publicUrl: config.publicUrl }),
    mail: config.mail !== undefined,
    endpoints: ENDPOINTS,
    headers: HEADERS,
    tokenPrefix,
    password: {
      minLength: config.passwordMinLength,
      maxLength: PASSWORD_MAX_LENGTH,
      maxBytes: PASSWORD_MAX_BYTES,
      blocklist: true,
    },
    sessions: { idleSeconds: sessionIdleSeconds, maxSeconds: sessionMaxSeconds },
    apiTokens: {
      defaultSeconds: apiTokens.defaultSeconds,
      maxSeconds: apiTokens.maxSeconds,
      noExpiry: apiTokens.mayBeEndless,
      perUser: apiTokens.perUser,
    },
    limits: {
      writesPerDay: config.writeLimitPerUser,
      pageSize: PAGE_SIZE_MAX,
      bulkIds: BULK_IDS_MAX,
      gracePeriodSeconds: GRACE_PERIOD_MAX_SECONDS,
    },
  };
}
