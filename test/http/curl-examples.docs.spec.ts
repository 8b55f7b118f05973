import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { type NewTotpDto, type PasskeyCreationOptionsDto } from '@latchkey/auth-models';
import { curlOf } from '../../docs/site/api/curl.mjs';
import { OPERATION_IDS } from '../routes.js';
import { type Headers, tokenHeader } from '../support/api-client.js';
import { currentCode } from '../support/authenticator.js';
import { ADMIN } from '../support/factories.js';
import { addPasskey, requestOptions, SoftwarePasskey } from '../support/software-passkey.js';
import { useApiDocument } from '../support/use-api-document.js';
import { useServer } from '../support/use-server.js';

/** Only the built server describes examples. The requests go to one whose hashes are cheap. */
const api = useApiDocument();
const server = useServer();
let callers = 0;

/** Value that the examples use for a member. */
const exampleOf = (schema: string, member: string): string =>
  (api.schemaOf(schema).properties?.[member]?.['example'] ?? '') as string;

/** Resources that the examples name, by the first part of their path, in the order of their creation. */
const RESOURCES = ['users', 'roles', 'apis', 'token-templates', 'event-targets'] as const;
/** Webhook that no process listens to. */
const EVENT_TARGET = {
  name: 'on-call',
  kind: 'webhook',
  url: 'http://127.0.0.1:1/latchkey',
  types: ['token.leaked'],
};
/** Resources that do not exist, or that an example may have changed. */
const changed = new Set<string>(RESOURCES);

/** Creates the resources that are missing or changed, except the one that the operation creates. */
async function restore(operationId: string, path: string, admin: Headers): Promise<void> {
  const { client } = server;
  const permissions = [{ name: 'orders:read', description: 'See all orders.' }];
  const steps = {
    users: {
      remove: () => client.deleteUser('anne', admin),
      create: () => client.createUser({ name: 'anne' }, admin),
    },
    roles: {
      remove: () => client.deleteRole('report-reader', admin),
      create: () => client.createRole({ name: 'report-reader' }, admin),
    },
    apis: {
      remove: () => client.deleteApi('orders', admin, '?force=true'),
      create: () => client.createApi({ name: 'orders', permissions }, admin),
    },
    'token-templates': {
      remove: () => client.deleteTokenTemplate('backup', admin),
      create: () => client.createTokenTemplate({ name: 'backup', expiresIn: 3_600 }, admin),
    },
    'event-targets': {
      remove: () => client.request('DELETE', '/event-targets/on-call', { headers: admin }),
      create: () => client.request('POST', '/event-targets', { headers: admin, body: EVENT_TARGET }),
    },
  };
  const [, touched = ''] = path.split('/');
  const outdated = RESOURCES.filter((name) => changed.has(name) || name === touched);
  for (const name of outdated) {
    await steps[name].remove();
  }
  changed.clear();
  for (const name of outdated) {
    if (name !== touched || !/^create(User|Role|Api|TokenTemplate|EventTarget)$/.test(operationId)) {
      await steps[name].create();
    }
  }
  changed.add(touched);
}

/** Adds an authenticator app. Returns its id and the code that confirms it. */
async function addFactor(headers: Headers, isConfirmed: boolean) {
  const path = '/me/second-factors';
  const { body } = await server.client.request<NewTotpDto>('POST', `${path}/totp`, { headers });
  const code = currentCode(body.secret);
  if (isConfirmed) {
    await server.client.request('POST', `${path}/${body.id}/confirm`, { headers, body: { code } });
  }
  return { id: body.id, code };
}

/** Returns a credential for the operation, by the texts of the example. */
async function passkeyTexts(operationId: string, headers: Headers): Promise<Record<string, string>> {
  const { client } = server;
  if (operationId === 'addPasskey') {
    const path = '/me/second-factors/passkeys/options';
    const { body } = await client.request<PasskeyCreationOptionsDto>('POST', path, { headers });
    const { id, response } = new SoftwarePasskey().create(body);
    return {
      [exampleOf('NewPasskeyCredentialDto', 'id')]: id,
      [exampleOf('PasskeyAttestationDto', 'clientDataJSON')]: response.clientDataJSON,
      [exampleOf('PasskeyAttestationDto', 'attestationObject')]: response.attestationObject,
    };
  }
  const { passkey } = await addPasskey(client, headers);
  const { id, response } = passkey.prove(await requestOptions(client));
  return {
    [exampleOf('PasskeyCredentialDto', 'id')]: id,
    [exampleOf('PasskeySignatureDto', 'clientDataJSON')]: response.clientDataJSON,
    [exampleOf('PasskeySignatureDto', 'authenticatorData')]: response.authenticatorData,
    [exampleOf('PasskeySignatureDto', 'signature')]: response.signature,
  };
}

/** Prepares what the examples name and returns the variables and texts that a reader replaces. */
async function prepare(operationId: string, path: string) {
  const { client } = server;
  const admin = await client.loginHeaders(ADMIN.name, ADMIN.password);
  await restore(operationId, path, admin);
  callers += 1;
  const name = `caller-${callers}`;
  const password = exampleOf('ChangePasswordDto', 'currentPassword');
  await client.createUser({ name, password, roles: ['admin'] }, admin);
  const { body: session } = await client.login(name, password);
  const { body: token } = await client.createMyToken(tokenHeader(session), {});
  if (operationId === 'revokeSupersededSecret') {
    await client.rotateToken(token.id, tokenHeader(session), { gracePeriodSeconds: 60 });
  }
  const requester = /^(withdraw|claim)Offer$/.test(operationId) ? tokenHeader(session) : admin;
  const { body: request } = /^(approve|reject|withdraw|claim)Offer$/.test(operationId)
    ? await client.requestToken({ template: 'backup' }, requester)
    : { body: undefined };
  if (request && operationId === 'claimOffer') {
    await client.decideOffer(request.id, 'approve', admin);
  }
  const { body: claim } = /claim|^revokeOffer$/i.test(operationId)
    ? await client.createOffer('anne', admin)
    : { body: undefined };
  const { body: setUp } = /set-up/.test(path)
    ? await client.createSetUpLink('anne', admin)
    : { body: undefined };
  if (operationId === 'resetSecondFactors') {
    await server.database.execute(
      `INSERT INTO second_factors ("id", "userId", "kind", "creationTime", "confirmationTime", "lastStep", "sealedSecret")
       SELECT 'factor', "id", 'totp', 0, 0, 0, '' FROM users WHERE "name" = 'anne'`,
    );
  }
  const hasFactor = /^(removeSecondFactor|createRecoveryCodes)$/.test(operationId);
  const factor =
    hasFactor || operationId === 'confirmSecondFactor'
      ? await addFactor(tokenHeader(session), hasFactor)
      : undefined;
  // Both have the same example.
  const { link } = claim ?? setUp ?? {};
  return {
    variables: {
      TOKEN: tokenHeader(session)['X-Auth-Token'],
      COOKIE: session.token,
      ID: factor?.id ?? (operationId === 'revokeOffer' ? claim : request)?.id ?? token.id,
      TRACE_ID: (await client.me({})).headers.get('x-request-id') ?? '',
    },
    texts: {
      'http://127.0.0.1:3000': client.baseUrl,
      '-u admin': `-u '${name}:${password}'`,
      [exampleOf('ConfirmSecondFactorDto', 'code')]: factor?.code ?? '',
      ...(/^(addPasskey|logInWithPasskey)$/.test(operationId) &&
        (await passkeyTexts(operationId, tokenHeader(session)))),
      [exampleOf('SetUpDto', 'secret')]: link?.split('#')[1] ?? '',
    },
  };
}

/** Caller and texts that reads share, because they change nothing. */
let forReads: ReturnType<typeof prepare> | undefined;

/** Prepares a request. Requests that read share what is prepared, until another one changes it. */
function prepared(operationId: string, method: string, path: string): ReturnType<typeof prepare> {
  if (method !== 'get') {
    forReads = undefined;
    return prepare(operationId, path);
  }
  forReads ??= prepare(operationId, path);
  return forReads;
}

/** Ends a command that reads events after a second; curl then exits with 28. */
function endingSoon(command: string): string {
  return command.includes('--no-buffer')
    ? `${command.replace('--no-buffer', '--no-buffer --max-time 1')} || [ $? = 28 ]`
    : command;
}

describe('curl examples of the HTTP API', () => {
  it.each(OPERATION_IDS.map((line) => line.split(': ')))(
    '%s: succeeds with %s',
    async (id = '', route = '') => {
      const [verb = '', path = ''] = route.split(' ');
      const method = verb.toLowerCase();
      const operation = api.document.paths[path]?.[method] ?? { responses: {} };
      const { variables, texts } = await prepared(id, method, path);

      const example = curlOf({ method, path, operation, schemas: api.document.components.schemas });
      const command = Object.entries(texts).reduce((text, [from, to]) => text.replaceAll(from, to), example);
      const { stdout } = await promisify(execFile)(
        'bash',
        ['-c', endingSoon(command.replace(/^curl/, "curl -sS -o /dev/null -w '%{http_code}'"))],
        { env: { ...process.env, ...variables } },
      );

      const successful = Object.keys(operation.responses).filter((status) => status < '300');
      expect({ command, successful }).toEqual({ command, successful: expect.arrayContaining([stdout]) });
    },
  );
});
