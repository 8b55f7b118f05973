import { beforeAll, describe, expect, it } from '@jest/globals';
import { enrol } from '../support/authenticator.js';
import { ADMIN, newUser, PASSWORD } from '../support/factories.js';
import { type ServerProcess } from '../support/server-process.js';
import { addPasskey, ORIGIN, requestOptions } from '../support/software-passkey.js';
import { useReplicas } from '../support/use-replicas.js';

const replicas = useReplicas();
let servers: [ServerProcess, ServerProcess];

beforeAll(async () => {
  const environment = { LATCHKEY_PUBLIC_URL: ORIGIN };
  servers = [await replicas.start(environment), await replicas.start(environment)];
});

async function newOwner() {
  const [{ client }] = servers;
  const { name } = newUser();
  await client.createUser(
    { name, password: PASSWORD },
    await client.loginHeaders(ADMIN.name, ADMIN.password),
  );
  return { name, authenticator: await enrol(client, await client.loginHeaders(name, PASSWORD)) };
}

const login = (index: number, name: string, code: string) =>
  servers[index % 2]!.client.login(name, PASSWORD, { headers: { 'X-Auth-OTP': code } });

describe('two replicas', () => {
  it.each(['code', 'recovery code'])('accept one %s once, sent 200 times at once', async (kind) => {
    const { name, authenticator } = await newOwner();
    const code = kind === 'code' ? authenticator.code() : (authenticator.recoveryCodes[0] ?? '');

    const answers = await Promise.all(Array.from({ length: 200 }, (_, index) => login(index, name, code)));

    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => ![200, 401, 429, 503].includes(status))).toEqual([]);
  });

  it('accept one proof of a passkey once, with the options of either, sent 200 times at once', async () => {
    const [{ client }, other] = servers;
    const { name } = newUser();
    await client.createUser(
      { name, password: PASSWORD },
      await client.loginHeaders(ADMIN.name, ADMIN.password),
    );
    const { passkey } = await addPasskey(client, await client.loginHeaders(name, PASSWORD));
    const credential = passkey.prove(await requestOptions(other.client));

    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        servers[index % 2]!.client.request('POST', '/auth/login/passkey', { body: { credential } }),
      ),
    );

    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => ![200, 409, 503].includes(status))).toEqual([]);
  });

  it('share the count of wrong codes', async () => {
    const { name } = await newOwner();
    await replicas.sql.query('DELETE FROM failure_counts');
    for (let index = 0; index < 4; index += 1) {
      expect((await login(index, name, 'not a code')).status).toBe(401);
    }

    const { rows } = await replicas.sql.query<{ failures: number }>(
      "SELECT failures FROM failure_counts WHERE network = ''",
    );
    expect(rows).toEqual([{ failures: 4 }]);
  });
});
