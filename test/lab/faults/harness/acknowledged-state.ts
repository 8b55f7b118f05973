import pLimit from 'p-limit';
import { type Headers } from '../../../support/api-client.js';
import { ADMIN } from '../../../support/factories.js';
import { type ClientRecord } from './client-record.js';
import { type TestedServer } from './tested-server.js';
import { assert, assertNone } from './violation.js';

const CONCURRENCY = 20;
/** Number of passwords to check, because each costs a hash. */
const CHECKED_PASSWORDS = 6;

/** @throws Violation if the server's state differs from the acknowledged changes. */
export async function assertAcknowledgedState({ client }: TestedServer, record: ClientRecord): Promise<void> {
  const limit = pLimit(CONCURRENCY);
  const wrong = async <Item>(items: Iterable<Item>, check: (item: Item) => Promise<string | undefined>) =>
    (await Promise.all([...items].map((item) => limit(() => check(item))))).filter(
      (one) => one !== undefined,
    );
  const statusOf = async ([, headers]: [string, Headers]) => {
    const verify = () => client.verify(headers);
    // Repeated once, because the server may have just closed an idle connection.
    return (await verify().catch(verify)).status;
  };

  const lostTokens = await wrong(record.issued, async (token) => {
    const status = await statusOf(token);
    return status === 200 ? undefined : `${token[0]} (${status})`;
  });
  assertNone(lostTokens, 'acknowledged tokens are lost');
  const validTokens = await wrong(record.revoked, async (token) => {
    const status = await statusOf(token);
    return status === 401 ? undefined : `${token[0]} (${status})`;
  });
  assertNone(validTokens, 'revoked tokens are valid');

  const login = await client.login(ADMIN.name, ADMIN.password);
  assert(login.status === 200, `the administrator cannot log in: ${login.status}`);
  record.acknowledged.set(login.headers.get('x-request-id') ?? '', 'authn_login_success');
  const asAdmin = { Authorization: `Bearer ${login.body.token}` };

  const changed = await wrong(record.users.values(), async ({ name, displayName, version }) => {
    const { status, body } = await client.user(name, asAdmin);
    const isSame = status === 200 && body.version === version && (body.displayName ?? '') === displayName;
    return isSame ? undefined : `${name} (${status}, version ${body.version}, not ${version})`;
  });
  assertNone(changed, 'acknowledged changes of users are lost');
  const back = await wrong(record.gone, async (name) =>
    (await client.user(name, asAdmin)).status === 404 ? undefined : name,
  );
  assertNone(back, 'deleted users are back');
  const newest = [...record.users.values()].slice(-CHECKED_PASSWORDS);
  const locked = await wrong(newest, async ({ name, password }) => {
    const { status, headers } = await client.login(name, password);
    record.acknowledged.set(headers.get('x-request-id') ?? '', 'authn_login_success');
    return status === 200 ? undefined : `${name} (${status})`;
  });
  assertNone(locked, 'acknowledged passwords are lost');
}
