import { beforeEach, describe, expect, it } from '@jest/globals';
import { NotFoundException } from '@nestjs/common';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { ApplicationError } from '../../common/application-error.js';
import { Challenges } from '../../common/challenges.js';
import { ErrorTranslations } from '../../common/error-translations.js';
import { Refusals } from '../../common/refusals.js';
import { type Logger } from '../../platform/logging/logger.js';
import { type AllowedMethods } from '../server/allowed-methods.js';
import { ApiExceptionFilter } from './api-exception.filter.js';

/** A reply that keeps what it is given, and encodes nothing. */
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
let errors: unknown[];
let refusals: Refusals;
let filter: ApiExceptionFilter;

beforeEach(() => {
  lines = [];
  errors = [];
  refusals = new Refusals();
  const note = (level: string) => (fields: { err: unknown }) => {
    lines.push(level);
    errors.push(fields.err);
  };
  const translations = new ErrorTranslations();
  translations.register((error) =>
    error instanceof Error && error.message === 'the disk is full'
      ? new ApplicationError('unavailable')
      : undefined,
  );
  filter = new ApiExceptionFilter(
    new Challenges(),
    translations,
    { of: (path: string) => METHODS[path] ?? [] } as unknown as AllowedMethods,
    refusals,
    { warn: note('warn'), error: note('error') } as unknown as Logger,
  );
});

function answerTo(thrown: unknown, request: Partial<FastifyRequest> = {}): FakeReply {
  const reply = new FakeReply();
  const asked = { id: 'trace-1', method: 'GET', url: '/me', headers: {}, routeOptions: {}, ...request };
  filter.send(thrown, asked as FastifyRequest, reply as unknown as FastifyReply);
  return reply;
}

/** What Nest throws when no route has answered. */
const nothingThere = (method: string, url: string) =>
  answerTo(new NotFoundException(), { method, url, is404: true });

describe('ApiExceptionFilter', () => {
  it('answers 404 where there is nothing', () => {
    expect(nothingThere('GET', '/nothing?x=1')).toMatchObject({
      statusCode: 404,
      body: { code: 'not_found' },
    });
  });

  it('answers 405 with Allow where another method is known', () => {
    expect(nothingThere('GET', '/auth/login?x=1')).toMatchObject({
      statusCode: 405,
      fields: { allow: 'POST' },
      body: { code: 'method_not_allowed', detail: 'This address takes POST.' },
    });
  });

  it('answers 404 where the method is known and a file is not', () => {
    const { statusCode, fields } = nothingThere('GET', '/docs/missing.js');

    expect(statusCode).toBe(404);
    expect(fields).not.toHaveProperty('allow');
  });

  it('says what a driver means, and logs what it said', () => {
    const { statusCode, body } = answerTo(new Error('the disk is full'));

    expect([statusCode, lines, errors]).toEqual([503, ['warn'], [new Error('the disk is full')]]);
    expect(JSON.stringify(body)).not.toContain('disk');
  });

  it('logs that it is overloaded in a line without a stack, as there may be many', () => {
    const { statusCode } = answerTo(new ApplicationError('overloaded', { retryAfterSeconds: 2 }));

    expect([statusCode, lines, errors]).toEqual([503, ['warn'], [undefined]]);
  });

  it.each([new Error('SELECT secret'), 'a text', undefined, null, { statusCode: 'x' }])(
    'answers 500 to what nobody knows, and tells nothing of it: %j',
    (thrown) => {
      const { statusCode, body } = answerTo(thrown);

      expect([statusCode, lines]).toEqual([500, ['error']]);
      expect(body).toMatchObject({ code: 'internal_error', traceId: 'trace-1' });
      expect(JSON.stringify(body)).not.toMatch(/SELECT|text/);
    },
  );

  it('keeps the status of what the framework refused', () => {
    expect(answerTo(Object.assign(new Error('x'), { statusCode: 413 }))).toMatchObject({
      statusCode: 413,
      body: { code: 'payload_too_large' },
    });
    expect(lines).toEqual([]);
  });

  it('has a note taken of a 403 before it answers', async () => {
    const codes: string[] = [];
    let takeNote = () => undefined as void;
    refusals.use((_request, code) => {
      codes.push(code);
      return new Promise((resolve) => (takeNote = resolve));
    });

    const reply = answerTo(new ApplicationError('above_your_permissions'));

    expect([codes, reply.statusCode]).toEqual([['above_your_permissions'], 0]);
    takeNote();
    await new Promise(setImmediate);
    expect(reply).toMatchObject({ statusCode: 403, body: { code: 'above_your_permissions' } });
  });
});
