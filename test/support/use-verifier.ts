import { afterAll, beforeAll } from '@jest/globals';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Config } from '../../apps/api/src/platform/config/config.js';
import { createLogger } from '../../apps/api/src/platform/logging/logger.js';
import { createVerifierApp } from '../../apps/api/src/serve-verifier.js';
import { ApiClient, type Headers } from './api-client.js';
import { recordOutput } from './test-server.js';
import { type RunningServer } from './use-server.js';
import { waitUntil } from './wait-until.js';

/** Running `latchkey verifier`, in the process of the test. */
export interface RunningVerifier {
  readonly app: NestFastifyApplication;
  readonly client: ApiClient;
  readonly log: string;
}

/**
 * Starts `latchkey verifier` for a server before the tests of a file, and waits until its memory is fresh.
 */
export function useVerifier(
  server: RunningServer,
  asAdmin: Headers,
  environment: Record<string, string> = {},
): RunningVerifier {
  const { output, sink } = recordOutput();
  let app: NestFastifyApplication;
  let client: ApiClient;

  beforeAll(async () => {
    const { body: own } = await server.client.createMyToken(asAdmin, { permissions: ['tokens:introspect'] });
    const config = Config.readForVerifier({
      LATCHKEY_URL: server.client.baseUrl,
      LATCHKEY_TOKEN: own.token,
      LATCHKEY_LOG_LEVEL: 'debug',
      ...environment,
    });
    app = await createVerifierApp(config, createLogger(config.logLevel, sink));
    await app.listen(0, '127.0.0.1');
    client = new ApiClient(await app.getUrl());
    // Then it can answer from memory.
    await waitUntil(
      () => client.ready(),
      ({ status, body }) => status === 200 && body.remarks === undefined,
      { pauseMilliseconds: 20 },
    );
  });

  afterAll(() => app.close());

  return {
    get app() {
      return app;
    },
    get client() {
      return client;
    },
    get log() {
      return output.join('');
    },
  };
}
