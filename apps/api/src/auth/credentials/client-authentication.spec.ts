import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fastify, { type FastifyInstance, type InjectOptions } from 'fastify';
import { ApplicationError } from '../../common/application-error.js';
import { formBody } from '../../http/bodies/body-format.js';
import { deferBodies, readBody } from '../../http/bodies/read-body.js';
import { createTokenSecret } from '../../platform/crypto/secrets.js';
import { readClientAuthentication, rejectSecondAuthentication } from './client-authentication.js';

const SECRET = createTokenSecret();
const CREDENTIALS = Buffer.from(`robot:${SECRET}`).toString('base64');
const FORM_TYPE = 'application/x-www-form-urlencoded';
const FORM = formBody(['client_id', 'client_secret', 'token']);

const basic = (id: string, secret: string) => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;

/** Response of the route of the tests. */
interface Read {
  kind?: string;
  header?: string;
  authorization?: string;
  code?: string;
  cause?: string;
}

let app: FastifyInstance;

beforeAll(async () => {
  app = fastify();
  deferBodies(app);
  const config = { representation: { bodyAs: FORM } } as object;
  app.post('/token', { config }, async (request): Promise<Read> => {
    try {
      await readClientAuthentication(request);
      await readBody(request, FORM, {});
      rejectSecondAuthentication(request);
      const { 'x-auth-token': header, authorization } = request.raw.headers;
      return { kind: request.clientAuthentication, header: header as string | undefined, authorization };
    } catch (error) {
      if (!(error instanceof ApplicationError)) {
        throw error;
      }
      return { code: error.code, cause: error.options.rejectionCause };
    }
  });
  await app.ready();
});

afterAll(() => app.close());

async function read(options: InjectOptions): Promise<Read> {
  return (await app.inject({ method: 'POST', url: '/token', ...options })).json<Read>();
}

const readForm = (form: Record<string, string>, headers: Record<string, string> = {}) =>
  read({ headers: { 'content-type': FORM_TYPE, ...headers }, payload: new URLSearchParams(form).toString() });

describe('client_secret_basic', () => {
  it('becomes X-Auth-Token, and Authorization is removed', async () => {
    const result = await read({ headers: { authorization: basic('robot', SECRET) } });

    expect(result).toEqual({ kind: 'client_secret_basic', header: CREDENTIALS });
  });

  it.each([
    ['rob%6Ft', 'robot'],
    ['a%20b', 'a b'],
    ['a+b', 'a+b'],
    ['100%', '100%'],
  ])('has the client id %s for the user %s', async (id, name) => {
    const { header = '' } = await read({ headers: { authorization: basic(id, SECRET) } });

    expect(Buffer.from(header, 'base64').toString()).toBe(`${name}:${SECRET}`);
  });

  it.each([
    ['a password', basic('robot', 'correct horse battery')],
    ['no client id', basic('', SECRET)],
    ['no pair', 'Basic !'],
  ])('is rejected with %s', async (_, authorization) => {
    expect(await read({ headers: { authorization } })).toEqual({
      code: 'unauthenticated',
      cause: 'malformed_credentials',
    });
  });

  it('is rejected together with X-Auth-Token', async () => {
    const headers = { authorization: basic('robot', SECRET), 'x-auth-token': CREDENTIALS };

    expect(await read({ headers })).toMatchObject({ code: 'ambiguous_credentials' });
  });

  it('is rejected together with a secret in the form', async () => {
    const result = await readForm(
      { client_id: 'robot', client_secret: SECRET },
      { authorization: basic('robot', SECRET) },
    );

    expect(result).toMatchObject({ code: 'ambiguous_credentials' });
  });
});

describe('client_secret_post', () => {
  it('becomes X-Auth-Token', async () => {
    expect(await readForm({ client_id: 'robot', client_secret: SECRET })).toEqual({
      kind: 'client_secret_post',
      header: CREDENTIALS,
    });
  });

  it.each([
    ['no client id', { client_secret: SECRET }],
    ['a password', { client_id: 'robot', client_secret: 'correct horse battery' }],
  ])('is rejected with %s', async (_, form) => {
    expect(await readForm(form)).toEqual({ code: 'unauthenticated', cause: 'malformed_credentials' });
  });

  it.each([
    ['Authorization: Bearer', { authorization: `Bearer ${SECRET}` }],
    ['X-Auth-Token', { 'x-auth-token': CREDENTIALS }],
  ])('is rejected together with %s', async (_, headers) => {
    const result = await readForm({ client_id: 'robot', client_secret: SECRET }, headers);

    expect(result).toMatchObject({ code: 'ambiguous_credentials' });
  });
});

describe('a request without client authentication', () => {
  it.each([
    ['Authorization: Bearer', { authorization: `Bearer ${SECRET}` }, { authorization: `Bearer ${SECRET}` }],
    ['a scheme that begins with Basic', { authorization: 'Basically x' }, { authorization: 'Basically x' }],
    ['a scheme that ends with Basic', { authorization: 'X-Basic x' }, { authorization: 'X-Basic x' }],
    ['X-Auth-Token', { 'x-auth-token': CREDENTIALS }, { header: CREDENTIALS }],
    ['no credentials', {}, {}],
  ])('keeps %s', async (_, headers, expected) => {
    expect(await readForm({ token: 'x' }, headers as Record<string, string>)).toEqual(expected);
  });
});
