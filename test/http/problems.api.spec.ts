import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import {
  ERROR_CODES,
  type ErrorCode,
  type ProblemTypeDto,
  type ProblemTypeListDto,
} from '@latchkey/auth-models';
import { useServer } from '../support/use-server.js';

const server = useServer();
const publicServer = useServer({ environment: { LATCHKEY_PUBLIC_URL: 'https://auth.example.com' } });

const BROWSER = { Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };
const CODES = Object.keys(ERROR_CODES) as ErrorCode[];

describe('GET /problems/{code}', () => {
  it('explains the type of a problem', async () => {
    const { body: problem } = await publicServer.client.request<{ type: string }>('GET', '/me');
    const { body, headers } = await publicServer.client.request<ProblemTypeDto>(
      'GET',
      '/problems/unauthenticated',
    );

    expect(body).toEqual({
      type: problem.type,
      code: 'unauthenticated',
      title: 'Unauthenticated',
      status: 401,
      meaning: ERROR_CODES.unauthenticated,
      remedy: expect.any(String),
      example: expect.any(String),
    });
    expect(problem.type).toBe('https://auth.example.com/problems/unauthenticated');
    expect(headers.get('cache-control')).toBe('public, max-age=3600');
  });

  it('has a relative type without a public URL, because the default has the name of the host', async () => {
    const { body } = await server.client.request<ProblemTypeDto>('GET', '/problems/token_expired');

    expect(body.type).toBe('/problems/token_expired');
  });

  it.each(CODES)('returns a small page without scripts to browsers: %s', async (code) => {
    const { status, headers, text } = await publicServer.client.request('GET', `/problems/${code}`, {
      headers: BROWSER,
    });

    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(headers.get('cache-control')).toBe('public, max-age=3600');
    expect(text).toContain('What to do');
    expect(text).not.toMatch(/<script|<img|(src|href)="(http|\/\/)| style="/);
    expect(text.length).toBeLessThan(5_000);
  });

  it('has a policy that allows only the style of the page', async () => {
    const { headers, text } = await server.client.request('GET', '/problems/not_found', { headers: BROWSER });
    const [, style = ''] = /<style>([^]*)<\/style>/.exec(text) ?? [];

    expect(headers.get('content-security-policy')).toContain(
      `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
    );
  });

  it.each(['nonsense', 'constructor', '__proto__', '%3Cscript%3E'])(
    'returns 404 for an unknown code: %s',
    async (code) => {
      const { status, body, headers } = await server.client.request('GET', `/problems/${code}`);

      expect([status, headers.get('cache-control')]).toEqual([404, 'no-store']);
      expect(body).toMatchObject({ code: 'not_found', type: '/problems/not_found' });
    },
  );

  it('returns 406 for a media type that it does not have', async () => {
    const headers = { Accept: 'image/png' };

    expect((await server.client.request('GET', '/problems/not_found', { headers })).status).toBe(406);
  });
});

describe('GET /problems', () => {
  it('explains all codes', async () => {
    const { body } = await server.client.request<ProblemTypeListDto>('GET', '/problems');

    expect(body.items.map(({ code }) => code)).toEqual(CODES);
  });

  it('returns YAML to clients that ask for it', async () => {
    const headers = { Accept: 'application/yaml' };

    expect((await server.client.request('GET', '/problems', { headers })).text).toContain(
      'code: "not_found"',
    );
  });

  it('returns a page with a link to each explanation to browsers', async () => {
    const { text } = await server.client.request('GET', '/problems', { headers: BROWSER });

    expect([...text.matchAll(/href="problems\/(\w+)"/g)].map(([, code]) => code)).toEqual(CODES);
  });
});
