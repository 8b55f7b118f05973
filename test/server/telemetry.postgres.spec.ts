import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { tokenHeader } from '../support/api-client.js';
import { ADMIN, newUser } from '../support/factories.js';
import { OtlpReceiver, type ReceivedSpan, traceIdOf } from '../support/otlp-receiver.js';
import { useReplicas } from '../support/use-replicas.js';

const replicas = useReplicas();
let receiver: OtlpReceiver;

beforeAll(async () => {
  receiver = await OtlpReceiver.start();
});

afterAll(() => receiver.close());

// Covers everything that differs on PostgreSQL: telemetry.process has the other tests.
it('a trace on PostgreSQL has the statements of a write, and the read of a token unless it is cached', async () => {
  const exports = { ...receiver.environment, OTEL_METRICS_EXPORTER: 'none' };
  const { client } = await replicas.startReceiving(exports);
  const asAdmin = await client.loginHeaders(ADMIN.name, ADMIN.password);
  const headers = tokenHeader((await client.createMyToken(asAdmin)).body);
  const uncached = await client.request('GET', '/auth/verify', { headers });
  const cached = await client.request('GET', '/auth/verify', { headers });
  const written = await client.createUser(newUser(), asAdmin);

  const namesOf = ({ others }: { others: ReceivedSpan[] }) => others.map(({ name }) => name);
  const write = await receiver.spansOf(traceIdOf(written));
  expect(namesOf(write)).toEqual(expect.arrayContaining(['INSERT users', 'INSERT audit_events']));
  expect(write.others.find(({ name }) => name === 'INSERT users')?.attributes).toMatchObject({
    'db.system.name': 'postgresql',
  });
  expect(namesOf(await receiver.spansOf(traceIdOf(uncached)))).toEqual(['SELECT tokens']);
  expect(namesOf(await receiver.spansOf(traceIdOf(cached)))).toEqual([]);
});
