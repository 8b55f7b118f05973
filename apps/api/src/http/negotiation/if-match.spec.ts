import { describe, expect, it } from '@jest/globals';
import { type ExecutionContext } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { FakeCall } from '../../../../../test/support/unit/fake-call.js';
import { checkVersion } from '../../common/request/version-condition.js';
import { ApiIfMatch, checkIfMatch, demandVersion, entityTag, IfMatch, parseIfMatch } from './if-match.js';

class Routes {
  route(@IfMatch() condition: unknown) {
    return condition;
  }
}

type Injected = Record<string, { factory: (data: unknown, context: ExecutionContext) => unknown }>;

describe('IfMatch', () => {
  it('injects what the header says', () => {
    const [injected] = Object.values(Reflect.getMetadata(ROUTE_ARGS_METADATA, Routes, 'route') as Injected);
    const { context } = new FakeCall(Routes, 'route', { headers: { 'if-match': '"3"' } });

    expect(injected?.factory(undefined, context)).toMatchObject({ versions: [3] });
  });
});

describe('entityTag', () => {
  it.each([0, 12])('of version %d is read back', (version) => {
    expect(parseIfMatch(entityTag({ version }))?.versions).toEqual([version]);
  });
});

describe('parseIfMatch', () => {
  it.each([
    ['"3"', [3]],
    ['"3", "4"', [3, 4]],
    ['"3","120"', [3, 120]],
    ['W/"3"', []],
    ['"abc"', []],
    ['"-1"', []],
    ['"3.0"', []],
    ['"1234567890123456"', []],
  ])('reads %s', (header, versions) => {
    expect(parseIfMatch(header)).toEqual({ versions, refusal: 'precondition_failed' });
  });

  it.each(['*', ' * '])('reads %j as any version, so long as there is one', (header) => {
    expect(parseIfMatch(header)).toEqual({ versions: undefined, refusal: 'precondition_failed' });
  });

  it('states nothing where there is none', () => {
    expect(parseIfMatch(undefined)).toBeUndefined();
  });

  it.each(['3', '', '"3', '"3" "4"', '*, "3"'])('refuses %j', (header) => {
    expect(() => parseIfMatch(header)).toThrow(
      expect.objectContaining({
        code: 'malformed_request',
        options: expect.objectContaining({
          errors: [expect.objectContaining({ pointer: '/If-Match', code: 'not_entity_tags' })],
        }),
      }),
    );
  });
});

describe('checkIfMatch', () => {
  class Changes {
    @ApiIfMatch({ required: false })
    evaluating(this: void) {}
    other(this: void) {}
  }
  const check = (handler: object, method: string, header?: string) => () =>
    checkIfMatch(handler, { method, headers: { 'if-match': header } });

  it.each([
    ['a route that evaluates it', Changes.prototype.evaluating, 'PUT', '"3"'],
    ['a route that reads', Changes.prototype.other, 'GET', '"3"'],
    ['an asterisk', Changes.prototype.other, 'POST', '*'],
    ['a request without it', Changes.prototype.other, 'POST', undefined],
  ])('accepts %s', (_, handler, method, header) => {
    expect(check(handler, method, header)).not.toThrow();
  });

  it.each([
    ['"3"', 'precondition_failed'],
    ['W/"3"', 'precondition_failed'],
    ['3', 'malformed_request'],
  ])('rejects %s for any other change', (header, code) => {
    expect(check(Changes.prototype.other, 'POST', header)).toThrow(expect.objectContaining({ code }));
  });
});

describe('demandVersion', () => {
  it('refuses a change that names no version, once there is something to change', () => {
    const condition = demandVersion(undefined, undefined);

    expect(() => checkVersion(condition, 0)).toThrow(
      expect.objectContaining({ code: 'precondition_required' }),
    );
  });

  it('refuses a stale version of the body as a conflict, one of the header as a failed precondition', () => {
    expect(() => checkVersion(demandVersion(undefined, 1), 2)).toThrow(
      expect.objectContaining({ code: 'conflict' }),
    );
    expect(() => checkVersion(demandVersion(parseIfMatch('"1"'), 2), 2)).toThrow(
      expect.objectContaining({ code: 'precondition_failed' }),
    );
  });

  it.each([
    ['"2"', 1, 'conflict'],
    ['*', 1, 'conflict'],
    ['"1"', 2, 'precondition_failed'],
    ['"1"', 1, 'precondition_failed'],
  ])('rejects If-Match %s with version %i in the body when version 2 is present', (header, version, code) => {
    expect(() => checkVersion(demandVersion(parseIfMatch(header), version), 2)).toThrow(
      expect.objectContaining({ code }),
    );
  });

  it.each([0, 1, 7])('tells which version there is to who means version %i', (version) => {
    expect(() => checkVersion(demandVersion(undefined, version), 2)).toThrow(/^It is version 2 now/);
    expect(() => checkVersion(demandVersion(parseIfMatch(`"${version}"`), undefined), 2)).toThrow(
      /^It is version 2 now/,
    );
  });

  it('tells it also to who means none', () => {
    expect(() => checkVersion(demandVersion(undefined, undefined), 2)).toThrow(/It is version 2 now\.$/);
  });

  it('takes the version that is there', () => {
    expect(() => checkVersion(demandVersion(undefined, 2), 2)).not.toThrow();
    expect(() => checkVersion(demandVersion(parseIfMatch('*'), undefined), 2)).not.toThrow();
    expect(() => checkVersion(demandVersion(parseIfMatch('"2"'), 2), 2)).not.toThrow();
  });
});
