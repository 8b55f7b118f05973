import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type UserTokenDto } from '@latchkey/auth-models';
import { ADMIN, newUser, PASSWORD } from '../support/factories.js';
import { type ApiClient } from '../support/api-client.js';
import { Installation } from '../support/installation.js';

const PASSWORD_HASH = '$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW';

let installation: Installation;
let client: ApiClient;

beforeAll(async () => {
  installation = await Installation.open();
  client = await installation.running();
});

afterAll(() => installation.close());

/** Creates a user with a token. */
async function newUserWithToken() {
  const asAdmin = await client.loginHeaders(ADMIN.name, ADMIN.password);
  const { name } = (await client.createUser(newUser(), asAdmin)).body;
  const { id, token } = (await client.login(name, PASSWORD)).body;
  return { name, tokenId: id, headers: { Authorization: `Bearer ${token}` } };
}

describe('while the server is stopped', () => {
  it('every command works on the database, and the next start agrees', async () => {
    const [one, all, reset] = [
      await newUserWithToken(),
      await newUserWithToken(),
      await newUserWithToken(),
    ] as const;
    await installation.stop();
    const { latchkey, folder } = installation;
    const users = join(folder, 'users.jsonl');
    writeFileSync(users, `{"name":"imported","passwordHash":"${PASSWORD_HASH}"}`);
    const password = join(folder, 'password.txt');
    writeFileSync(password, PASSWORD);

    await latchkey.json('create-admin', 'rescue', '--password-file', password);
    const { link } = await latchkey.json<{ link: string }>('reset-password', reset.name);
    await latchkey.json('import-users', users);
    await latchkey.json('revoke', one.tokenId);
    await latchkey.json('revoke', '--user', all.name);
    const tokens = await latchkey.json<{ items: UserTokenDto[] }>('list-tokens', '--state', 'revoked');
    const verdict = await latchkey.json('verify-audit');

    expect(tokens.items.map(({ id }) => id).sort()).toEqual([one.tokenId, all.tokenId].sort());
    expect(verdict).toMatchObject({ problems: [] });
    client = await installation.running();
    const secret = link.split('#')[1] ?? '';
    expect([
      (await client.verify(one.headers)).status,
      (await client.verify(all.headers)).status,
      (await client.verify(reset.headers)).status,
      (await client.setUp({ secret, password: `${PASSWORD}, but new` })).status,
      (await client.verify(reset.headers)).status,
      (await client.login('rescue', PASSWORD)).status,
      (await client.login('imported', 'U*U')).status,
    ]).toEqual([401, 401, 200, 204, 401, 200, 200]);
    expect(await latchkey.json('verify-audit')).toMatchObject({ problems: [] });
  });

  it('explain reports that explanations are in the memory of the server', async () => {
    await installation.running();
    await installation.stop();

    expect(await installation.latchkey.failure('explain', 'a-trace-id')).toEqual({
      code: 'not_found',
      message:
        'The server is not running. Explanations are in its memory, so those from before it stopped are lost. Start it, send the request again, and explain the new response.',
    });
  });
});
