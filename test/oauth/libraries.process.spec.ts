import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type UserTokenDto } from '@latchkey/auth-models';
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { type Headers, tokenHeader } from '../support/api-client.js';
import {
  AUTHLIB_MISSING,
  describeIfInstalled,
  MOD_OAUTH2_MISSING,
  runPython,
  startApache,
} from '../support/external-programs.js';
import { ADMIN, newUser, PASSWORD } from '../support/factories.js';
import { freePort } from '../support/free-port.mjs';
import { serverOn, ServerProcess } from '../support/server-process.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

/** Service whose name and token clients have to encode. */
const NAME = 'orders+eu@example.com';

let database: TestDatabase;
let server: ServerProcess;
let issuer: string;
let asAdmin: Headers;
let secret: string;
let session: UserTokenDto;

beforeAll(async () => {
  database = await createTestDatabase();
  const port = await freePort();
  issuer = `http://127.0.0.1:${port}`;
  server = await ServerProcess.start(serverOn(database, { LATCHKEY_PUBLIC_URL: issuer }), port);
  const { client } = server;
  asAdmin = await client.loginHeaders(ADMIN.name, ADMIN.password);
  await client.createRole({ name: 'verifier', permissions: ['tokens:introspect'] }, asAdmin);
  await client.createUser({ name: NAME, kind: 'service', roles: ['verifier'] }, asAdmin);
  secret = (await client.createUserToken(NAME, asAdmin)).body.token ?? '';
  const user = newUser({ roles: ['auditor'] });
  await client.createUser(user, asAdmin);
  session = (await client.login(user.name, PASSWORD)).body;
});

afterAll(async () => {
  await server.kill();
  await database.drop();
});

const createOwnToken = async () => (await server.client.createUserToken(NAME, asAdmin)).body;
const isActive = async (token: UserTokenDto) => (await server.client.me(tokenHeader(token))).status === 200;

/** Returns the error of a promise that rejects. */
const rejection = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

const METHODS = ['ClientSecretBasic', 'ClientSecretPost'] as const;

describe.each(METHODS)('oauth4webapi with %s', (method) => {
  const insecure = { [oauth.allowInsecureRequests]: true };
  const client = { client_id: NAME };

  async function discover(): Promise<oauth.AuthorizationServer> {
    const url = new URL(issuer);
    const response = await oauth.discoveryRequest(url, { algorithm: 'oauth2', ...insecure });
    return oauth.processDiscoveryResponse(url, response);
  }

  async function introspect(token: string, password = secret) {
    const metadata = await discover();
    const response = await oauth.introspectionRequest(
      metadata,
      client,
      oauth[method](password),
      token,
      insecure,
    );
    return oauth.processIntrospectionResponse(metadata, client, response);
  }

  it('introspects tokens', async () => {
    expect(await introspect(session.token ?? '')).toMatchObject({
      active: true,
      username: session.user,
      token_type: 'Bearer',
    });
    expect(await introspect('nonsense')).toEqual({ active: false });
  });

  it('revokes a token', async () => {
    const metadata = await discover();
    const token = await createOwnToken();
    const response = await oauth.revocationRequest(
      metadata,
      client,
      oauth[method](secret),
      token.token ?? '',
      insecure,
    );
    await oauth.processRevocationResponse(response);

    expect(await isActive(token)).toBe(false);
  });

  it('gets the error for a wrong client', async () => {
    const error = await rejection(introspect(session.token ?? '', 'a password'));

    if (method === 'ClientSecretPost') {
      expect(error).toMatchObject({ name: 'ResponseBodyError', status: 401, error: 'invalid_client' });
    } else {
      expect(error).toMatchObject({
        name: 'WWWAuthenticateChallengeError',
        status: 401,
        cause: [{ scheme: 'basic', parameters: { realm: 'latchkey' } }],
      });
    }
  });
});

describe.each(METHODS)('openid-client with %s', (method) => {
  const discover = (password = secret) =>
    openid.discovery(new URL(issuer), NAME, undefined, openid[method](password), {
      algorithm: 'oauth2',
      execute: [openid.allowInsecureRequests],
    });

  it('introspects tokens', async () => {
    const configuration = await discover();

    expect(await openid.tokenIntrospection(configuration, session.token ?? '')).toMatchObject({
      active: true,
      scope: session.permissions?.join(' ') ?? expect.stringContaining('audit:read'),
    });
    expect(await openid.tokenIntrospection(configuration, 'nonsense')).toEqual({ active: false });
  });

  it('revokes a token', async () => {
    const token = await createOwnToken();
    await openid.tokenRevocation(await discover(), token.token ?? '');

    expect(await isActive(token)).toBe(false);
  });

  it('gets the error for a wrong client', async () => {
    const error = await rejection(
      openid.tokenIntrospection(await discover('a password'), session.token ?? ''),
    );

    expect(error).toMatchObject({ status: 401 });
  });
});

describe('requests as documented', () => {
  const send = async (headers: Headers, form: Record<string, string>) => {
    const response = await fetch(`${issuer}/auth/introspect`, {
      method: 'POST',
      headers: { Accept: 'application/json', ...headers },
      body: new URLSearchParams(form),
    });
    return (await response.json()) as { active: boolean };
  };
  const basic = (id: string, password: string) =>
    `Basic ${Buffer.from(`${id}:${password}`).toString('base64')}`;

  it('by Spring Security, which encodes the id and secret, are answered', async () => {
    const Authorization = basic(encodeURIComponent(NAME), encodeURIComponent(secret));

    expect((await send({ Authorization }, { token: session.token ?? '' })).active).toBe(true);
  });

  it('by FastMCP, which encodes neither and sends a hint, are answered', async () => {
    const form = { token: session.token ?? '', token_type_hint: 'access_token' };

    expect((await send({ Authorization: basic(NAME, secret) }, form)).active).toBe(true);
  });
});

describeIfInstalled(AUTHLIB_MISSING, 'Authlib', () => {
  it.each(['client_secret_basic', 'client_secret_post'])(
    'introspects and revokes tokens with %s',
    async (method) => {
      const token = await createOwnToken();
      const output = await runPython([
        '-c',
        `
import json, sys
from authlib.integrations.requests_client import OAuth2Session
issuer, name, secret, method, token, old = sys.argv[1:]
session = OAuth2Session(name, secret, token_endpoint_auth_method=method,
                        revocation_endpoint_auth_method=method)
url = issuer + "/auth/introspect"
print(json.dumps([
    session.introspect_token(url, token=token).json(),
    session.introspect_token(url, token="nonsense").json(),
    session.revoke_token(issuer + "/auth/revoke", token=old).status_code,
]))`,
        ...[issuer, NAME, secret, method, session.token ?? '', token.token ?? ''],
      ]);

      expect(JSON.parse(output)).toEqual([
        expect.objectContaining({ active: true, username: session.user }),
        { active: false },
        200,
      ]);
      expect(await isActive(token)).toBe(false);
    },
  );
});

describeIfInstalled(MOD_OAUTH2_MISSING, 'mod_oauth2', () => {
  let api: Server;

  beforeAll(async () => {
    api = createServer(({ headers }, response) => response.end(JSON.stringify(headers)));
    await once(api.listen(0, '127.0.0.1'), 'listening');
  });

  afterAll(() => {
    api.close();
    api.closeAllConnections();
  });

  it.each(['client_secret_basic', 'client_secret_post'])(
    'protects an API that requires a permission, with %s',
    async (method) => {
      const { port: behind } = api.address() as AddressInfo;
      const client = `client_id=${encodeURIComponent(NAME)}&client_secret=${secret}`;
      const gateway = await startApache(
        (_, port) => ({
          'site.conf': `
            Listen 127.0.0.1:${port}
            <Location /audit>
              AuthType oauth2
              OAuth2TokenVerify introspect ${issuer}/auth/introspect introspect.auth=${method}&${client}
              Require oauth2_claim scope~\\baudit:read\\b
              ProxyPass http://127.0.0.1:${behind}/
            </Location>`,
        }),
        ['authn_core', 'authz_user', 'oauth2'],
      );
      const get = (token?: string) =>
        fetch(`${gateway.baseUrl}/audit`, { headers: token ? { Authorization: `Bearer ${token}` } : {} });

      try {
        const accepted = await get(session.token);
        const seen = (await accepted.json()) as Record<string, string>;
        const { body: limited } = await server.client.createMyToken(tokenHeader(session), {
          permissions: ['users:read'],
        });

        expect([accepted.status, seen.oauth2_claim_username]).toEqual([200, session.user]);
        expect((await get(limited.token)).status).not.toBe(200);
        expect((await get()).status).toBe(401);
        expect((await get('nonsense')).status).toBe(401);
      } finally {
        await gateway.stop();
      }
    },
  );
});
