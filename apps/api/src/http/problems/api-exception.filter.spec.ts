import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { NotFoundException } from '@nestjs/common';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { ApplicationError } from '../../common/application-error.js';
import { type Config } from '../../platform/config/config.js';
import { type Logger } from '../../platform/logging/logger.js';
import { type AllowedMethods } from '../server/allowed-methods.js';
import { ApiExceptionFilter, type RejectionAudit } from './api-exception.filter.js';

/** Fake reply that records its calls. */
class FakeReply {
  statusCode = 0;
  sent = false;
  body: unknown;
  readonly fields: Record<string, string> = {};

  status(code: number): this {
    this.statusCode = code;
    return this;
  }

  headers(fields: Record<string, string>): this {
    Object.assign(this.fields, fields);
    return this;
  }

  header(name: string, value: string): this {
    this.fields[name] = value;
    return this;
  }

  serializer(): this {
    return this;
  }

  send(body: unknown): void {
    this.body = body;
  }
}

const METHODS: Record<string, string[]> = { '/docs/missing.js': ['GET', 'HEAD'], '/auth/login': ['POST'] };

let lines: string[];
let now: number;
let errors: unknown[];
let record: jest.Mock<RejectionAudit['record']>;
let filter: ApiExceptionFilter;

beforeEach(() => {
  lines = [];
  now = 1;
  errors = [];
  record = jest.fn(() => Promise.resolve());
  const note = (level: string) => (fields: { err: unknown }) => {
    lines.push(level);
    errors.push(fields.err);
  };
  filter = new ApiExceptionFilter(
    { of: (path: string) => METHODS[path] ?? [] } as unknown as AllowedMethods,
    { record },
    { note: () => undefined },
    { now: () => now },
    { hasPublicUrl: false } as Config,
    { warn: note('warn'), error: note('error') } as unknown as Logger,
  );
});

function responseTo(thrown: unknown, request: Partial<FastifyRequest> = {}): FakeReply {
  const reply = new FakeReply();
  const called = { id: 'trace-1', method: 'GET', url: '/me', headers: {}, routeOptions: {}, ...request };
  filter.send(thrown, called as FastifyRequest, reply as unknown as FastifyReply);
  return reply;
}

/** Returns the response when Nest finds no route. */
const noRoute = (method: string, url: string) =>
  responseTo(new NotFoundException(), { method, url, is404: true });

describe('ApiExceptionFilter', () => {
  it('returns 404 when there is no route', () => {
    expect(noRoute('GET', '/nothing?x=1')).toMatchObject({
      statusCode: 404,
      body: { code: 'not_found' },
    });
  });

  it('returns 405 with Allow when the path has other methods', () => {
    expect(noRoute('GET', '/auth/login?x=1')).toMatchObject({
      statusCode: 405,
      fields: { allow: 'POST' },
      body: { code: 'method_not_allowed', detail: 'Allowed methods: POST.' },
    });
  });

  it('returns 404 when the method is allowed but the file is missing', () => {
    const { statusCode, fields } = noRoute('GET', '/docs/missing.js');

    expect(statusCode).toBe(404);
    expect(fields).not.toHaveProperty('allow');
  });

  it('translates a driver error, and logs the original', () => {
    const error = Object.assign(new Error('the disk is full'), { code: 'SQLITE_FULL' });
    const { statusCode, body } = responseTo(error);

    expect([statusCode, lines, errors]).toEqual([503, ['warn'], [error]]);
    expect(JSON.stringify(body)).not.toContain('disk');
  });

  it('logs an overload without a stack trace', () => {
    const { statusCode } = responseTo(new ApplicationError('overloaded', { retryAfterSeconds: 2 }));

    expect([statusCode, lines, errors]).toEqual([503, ['warn'], [undefined]]);
  });

  it.each([new Error('SELECT secret'), 'a text', undefined, null, { statusCode: 'x' }])(
    'returns 500 without details for an unknown error: %j',
    (thrown) => {
      const { statusCode, body } = responseTo(thrown);

      expect([statusCode, lines]).toEqual([500, ['error']]);
      expect(body).toMatchObject({ code: 'internal_error', traceId: 'trace-1' });
      expect(JSON.stringify(body)).not.toMatch(/SELECT|text/);
    },
  );

  it('keeps the status of an error of the framework', () => {
    expect(responseTo(Object.assign(new Error('x'), { statusCode: 413 }))).toMatchObject({
      statusCode: 413,
      body: { code: 'payload_too_large' },
    });
    expect(lines).toEqual([]);
  });

  it('records a 403 before it responds', async () => {
    let resolveRecord = () => undefined as void;
    record.mockReturnValue(new Promise((resolve) => (resolveRecord = resolve)));

    const reply = responseTo(new ApplicationError('above_your_permissions'));

    expect(record).toHaveBeenCalledWith(expect.anything(), new ApplicationError('above_your_permissions'));
    expect(reply.statusCode).toBe(0);
    resolveRecord();
    await new Promise(setImmediate);
    expect(reply).toMatchObject({ statusCode: 403, body: { code: 'above_your_permissions' } });
  });
});

describe('ApiExceptionFilter on a forward-auth route', () => {
  const routeOptions = { config: { representation: { isBodyless: true } } };

  it.each([
    ['ambiguous_credentials', 401, 'error="invalid_token"'],
    ['token_expired', 401, 'error="token_expired"'],
    ['payload_too_large', 401, 'error="payload_too_large"'],
    ['forbidden', 403, undefined],
    ['rate_limited', 403, undefined],
    ['overloaded', 503, undefined],
    ['internal_error', 503, undefined],
  ] as const)('sends %s as %i without a body', async (code, status, challenge) => {
    const request = { routeOptions, headers: { 'x-auth-token': 'x' } } as unknown as FastifyRequest;
    const reply = responseTo(new ApplicationError(code), request);
    await new Promise(setImmediate);

    expect(reply).toMatchObject({ statusCode: status, body: undefined });
    expect(reply.fields['X-Auth-Error']).toBe(status === 403 ? code : undefined);
    expect(reply.fields['www-authenticate']).toEqual(challenge && expect.stringContaining(challenge));
  });

  it('sends invalid_request for an invalid query, and warns once a minute', async () => {
    const request = { routeOptions, headers: {} } as unknown as FastifyRequest;
    const send = () =>
      responseTo(
        new ApplicationError('forbidden', {
          detail: 'Unknown parameter x.',
          rejectionCause: 'invalid_query',
        }),
        request,
      );
    const reply = send();
    send();
    await new Promise(setImmediate);

    expect(reply.fields['X-Auth-Error']).toBe('invalid_request');
    expect(reply.fields['www-authenticate']).toContain('error_description="Unknown parameter x."');
    expect(lines).toEqual(['warn']);
    now += 60_000;
    send();
    expect(lines).toEqual(['warn', 'warn']);
  });
});
