import { beforeAll, describe, expect, it } from '@jest/globals';
import { type ProblemDto } from '@latchkey/auth-models';
import { decode } from 'cborg';
import { parse } from 'yaml';
import { basic, tokenHeader, type Headers } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { sendLines } from '../support/raw-http.js';
import { ADMIN } from '../support/test-server.js';
import { useAdmin, useServer } from '../support/use-server.js';
import { readXmlRoot, type XmlElement } from '../support/xml-element.js';

const TYPES = ['application/json', 'application/xml', 'application/yaml', 'application/cbor'];

const server = useServer();
const asAdmin = useAdmin(server);

beforeAll(async () => {
  await server.client.createUser(
    newUser({ name: 'odd', displayName: `<b>&amp; "x" 'y' ]]> \u{1F40E} ü`, email: 'a&b@example.org' }),
    asAdmin,
  );
});

/** Asks with fetch, and keeps the bytes. */
async function ask(accept: string, path = '/me', headers: Headers = asAdmin, method = 'GET') {
  const response = await fetch(server.client.baseUrl + path, {
    method,
    headers: { ...headers, Accept: accept },
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { status: response.status, headers: response.headers, bytes, text: new TextDecoder().decode(bytes) };
}

const typeOf = async (...lines: string[]) => {
  const { status, headers } = await sendLines(server.client.baseUrl, [
    'GET /me HTTP/1.1',
    `X-Auth-Token: ${asAdmin['X-Auth-Token']}`,
    ...lines,
  ]);
  return status === 200 ? headers['content-type']?.split(';')[0] : status;
};

/** A value as the element that XML makes of it: an element a member, and in that of an array an `i` an item. */
function toElement(name: string, value: unknown): XmlElement {
  if (typeof value !== 'object' || value === null) {
    return { name, text: String(value), children: [] };
  }
  const children = Array.isArray(value)
    ? value.map((item) => toElement('i', item))
    : Object.entries(value).map(([member, one]) => toElement(member, one));
  return { name, text: children.map(({ text }) => text).join(''), children };
}

describe('a response', () => {
  it.each(['/me', '/users?q=odd', '/health/live'])(
    'has the same content in every media type: %s',
    async (path) => {
      const json = JSON.parse((await ask('application/json', path)).text) as unknown;
      const [xml, yaml, cbor] = await Promise.all(TYPES.slice(1).map((type) => ask(type, path)));

      expect(parse(yaml?.text ?? '')).toEqual(json);
      expect(decode(cbor?.bytes ?? new Uint8Array())).toEqual(json);
      expect(readXmlRoot(xml?.text ?? '')).toEqual(toElement('response', json));
    },
  );

  it.each<[string, string, string]>([
    ['application/json', '"permissions":[]', '"permissions"'],
    ['application/xml', '<permissions/>', '<permissions'],
    ['application/yaml', 'permissions: []', 'permissions:'],
    ['text/csv', ',[],', ',[],'],
    ['application/x-ndjson', '"permissions":[]', '"permissions"'],
  ])(
    'distinguishes a token without permissions from an unlimited token in %s',
    async (type, nothing, anything) => {
      const isList = ['text/csv', 'application/x-ndjson'].includes(type);
      const show = async (dto: { permissions?: string[] }) => {
        const { body } = await server.client.createMyToken(asAdmin, { note: 'told apart', ...dto });
        const { text } = await ask(type, isList ? '/tokens' : `/tokens/${body.id}`);
        return isList ? text.split('\n').find((line) => line.includes(body.id)) : text;
      };

      expect(await show({ permissions: [] })).toContain(nothing);
      expect(await show({})).not.toContain(anything);
    },
  );

  it('has an empty list in XML', async () => {
    expect((await ask('application/xml', '/users?q=no-one-like-this')).text).toContain('<items/>');
  });

  it.each(TYPES)('names its media type and varies by Accept: %s', async (type) => {
    const { headers } = await ask(type);

    expect(headers.get('content-type')).toBe(type === 'application/cbor' ? type : `${type}; charset=utf-8`);
    expect(headers.get('vary')).toBe('Accept, Origin');
  });

  it.each(TYPES)('to log-in, bump and log-out is %s', async (type) => {
    const login = await ask(
      type,
      '/auth/login',
      { Authorization: basic(ADMIN.name, ADMIN.password) },
      'POST',
    );
    const token = /lk_[0-9A-Za-z]{33}/.exec(login.text)?.[0];
    const headers = tokenHeader({ user: 'admin', token });
    const bump = await ask(type, '/auth/bump', headers, 'POST');
    const logout = await ask(type, '/auth/logout', headers, 'POST');

    for (const answer of [login, bump, logout]) {
      expect([answer.status, answer.headers.get('content-type')?.split(';')[0]]).toEqual([200, type]);
    }
  });
});

describe('Accept', () => {
  it('may be absent, which selects JSON', async () => {
    expect(await typeOf()).toBe('application/json');
  });

  it.each([
    ['*/*', 'json'],
    ['application/*', 'json'],
    ['', 'json'],
    ['APPLICATION/XML', 'xml'],
    ['application/xml;charset=utf-8', 'xml'],
    ['application/xml, application/json', 'json'],
    ['application/cbor, application/yaml, application/xml', 'xml'],
    ['application/cbor, application/yaml', 'yaml'],
    ['application/json, application/cbor', 'json'],
    ['application/json;note="a, b";q=0.1, application/yaml;q=0.2', 'yaml'],
    ['text/html, image/gif, *; q=.2, */*; q=.2', 'json'],
    ['application/json;q=0.5, application/cbor;q=0.6', 'cbor'],
    ['application/json;q=0.5,application/xml;q=0.501', 'xml'],
    ['application/xml;q=0.5, */*', 'json'],
    ['*/*, application/xml', 'json'],
    ['*/*;q=0.1, application/yaml', 'yaml'],
    ['application/json;q=0, */*', 'xml'],
    ['application/json;q=0, application/xml;q=0, application/*', 'yaml'],
    ['application/*;q=0, application/cbor', 'cbor'],
    ['text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8', 'xml'],
    ['image/png, application/cbor;q=0.1', 'cbor'],
    [' application/yaml ; q=1 ', 'yaml'],
  ])('%j selects %s', async (accept, expected) => {
    expect(await typeOf(`Accept: ${accept}`)).toBe(`application/${expected}`);
  });

  it('may be sent in two fields', async () => {
    expect(await typeOf('Accept: image/png', 'Accept: application/yaml')).toBe('application/yaml');
  });

  it.each([
    'image/png',
    'text/html, text/plain',
    'text/*',
    'application/json;q=0',
    'application/*;q=0, */*;q=0',
    '*/*;q=0',
    'application/msword, application/pdf;q=0.1',
    'nonsense',
  ])('%j returns 406 with the available types', async (accept) => {
    const { status, headers, text } = await ask(accept);

    const problem = JSON.parse(text) as ProblemDto;
    expect([status, problem.code]).toEqual([406, 'not_acceptable']);
    expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(TYPES.filter((type) => !problem.detail.includes(type))).toEqual([]);
  });
});

describe('a 406', () => {
  it('on log-out keeps the token valid', async () => {
    const headers = await server.client.loginHeaders(ADMIN.name, ADMIN.password);

    expect((await ask('image/png', '/auth/logout', headers, 'POST')).status).toBe(406);

    expect((await server.client.me(headers)).status).toBe(200);
  });

  it('on log-in issues no token, and names text/plain', async () => {
    const user = newUser();
    await server.client.createUser(user, asAdmin);

    const { status, text } = await ask(
      'image/png',
      '/auth/login',
      { Authorization: basic(user.name, PASSWORD) },
      'POST',
    );

    const { body } = await server.client.users(asAdmin, `?q=${user.name}`);
    expect(status).toBe(406);
    expect(text).toContain('text/plain');
    expect(body.items[0]).toMatchObject({ tokenCount: 0 });
    expect(body.items[0]).not.toHaveProperty('lastLoginTime');
  });
});
