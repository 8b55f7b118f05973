import { describe, expect, it } from '@jest/globals';
import { Config } from '../../apps/api/src/platform/config/config.js';

describe('Config.read', () => {
  it.each([
    ['LATCHKEY_CORS_ORIGINS', 'null'],
    ['LATCHKEY_CORS_ORIGINS', '*'],
    ['LATCHKEY_CORS_ORIGINS', 'https://*.example.com'],
    ['LATCHKEY_CORS_ORIGINS', 'https://app.example.com/path'],
    ['LATCHKEY_CORS_ORIGINS', 'app.example.com'],
    ['LATCHKEY_CORS_ORIGINS', 'https://app.example.com,null'],
    ['LATCHKEY_TRUSTED_PROXIES', '*'],
    ['LATCHKEY_TRUSTED_PROXIES', 'proxy.example.com'],
    ['LATCHKEY_TRUSTED_PROXIES', '10.0.0.0/33'],
    ['LATCHKEY_PUBLIC_URL', 'https://auth.example.com/path'],
    ['LATCHKEY_SESSION_IDLE_SECONDS', '0'],
    ['LATCHKEY_SESSION_IDLE_SECONDS', '1.5'],
    ['LATCHKEY_ARGON2_MEMORY_KIB', '19455'],
    ['LATCHKEY_ARGON2_PASSES', '1'],
    ['LATCHKEY_PASSWORD_MIN_LENGTH', '7'],
    ['LATCHKEY_AUDIT_KEY', 'short'],
    ['LATCHKEY_LOGIN_LIMIT_PER_ACCOUNT', '0'],
    ['LATCHKEY_METRICS', 'yes'],
    ['LATCHKEY_NO_SUCH_THING', '1'],
  ])('rejects %s=%s with a one-line message that names the variable', (name, value) => {
    expect(() => Config.read({ [name]: value })).toThrow(new RegExp(`^${name}: .+$`));
  });

  it('returns the documented defaults', () => {
    expect(Config.read({})).toMatchObject({
      host: '127.0.0.1',
      port: 3000,
      publicUrl: 'http://127.0.0.1:3000',
      trustedProxies: [],
      corsOrigins: [],
      sessionIdleSeconds: 604_800,
      sessionMaxSeconds: 2_592_000,
      passwordMinLength: 15,
      argon2: { memoryKib: 19_456, passes: 2 },
      loginLimitPerAccount: 10,
      loginLimitPerAddress: 100,
      writeLimitPerUser: 20_000,
    });
  });

  it('rejects PostgreSQL without an audit key', () => {
    expect(() => Config.read({ DATABASE_URL: 'postgres://u:p@localhost/x' })).toThrow(
      /^LATCHKEY_AUDIT_KEY: /,
    );
  });
});
