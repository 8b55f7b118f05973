import { describe, expect, it } from '@jest/globals';
import { type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { INTERCEPTORS_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { firstValueFrom, from } from 'rxjs';
import { FakeCall } from '../../../../../test/support/unit/fake-call.js';
import { checkVersion, type VersionCondition } from '../../common/request/version-condition.js';
import { ApiIfMatch, demandVersion, ETag, evaluatesIfMatch, IfMatch, rejectIfMatch } from './if-match.js';

class Routes {
  @ETag()
  read(this: void) {}

  route(@IfMatch() condition: unknown) {
    return condition;
  }
}

type Injected = Record<
  string,
  { factory: (data: unknown, context: ExecutionContext) => VersionCondition | undefined }
>;

/** Returns the condition that {@link IfMatch} injects. */
function conditionOf(header: string | undefined): VersionCondition | undefined {
  const [injected] = Object.values(Reflect.getMetadata(ROUTE_ARGS_METADATA, Routes, 'route') as Injected);
  const headers: Record<string, string> = header === undefined ? {} : { 'if-match': header };
  const { context } = new FakeCall(Routes, 'route', { headers });
  return injected?.factory(undefined, context);
}

describe('ETag', () => {
  it.each([0, 12])('sends version %d in a form that If-Match accepts', async (version) => {
    const [interceptor] = Reflect.getMetadata(
      INTERCEPTORS_METADATA,
      Routes.prototype.read,
    ) as NestInterceptor[];
    const call = new FakeCall(Routes, 'read');

    const response = await interceptor?.intercept(call.context, { handle: () => from([{ version }]) });

    await expect(firstValueFrom(response!)).resolves.toEqual({ version });
    expect(conditionOf(call.responseHeaders.etag)?.versions).toEqual([version]);
  });
});

describe('IfMatch', () => {
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
    expect(conditionOf(header)).toEqual({ versions, rejection: 'precondition_failed' });
  });

  it.each(['*', ' * '])('reads %j as any version', (header) => {
    expect(conditionOf(header)).toEqual({ versions: undefined, rejection: 'precondition_failed' });
  });

  it('returns undefined without the header', () => {
    expect(conditionOf(undefined)).toBeUndefined();
  });

  it.each(['3', '', '"3', '"3" "4"', '*, "3"'])('rejects %j', (header) => {
    expect(() => conditionOf(header)).toThrow(
      expect.objectContaining({
        code: 'malformed_request',
        options: expect.objectContaining({
          errors: [expect.objectContaining({ pointer: '/If-Match', code: 'not_entity_tags' })],
        }),
      }),
    );
  });
});

describe('evaluatesIfMatch', () => {
  class Changes {
    @ApiIfMatch({ required: false })
    evaluating(this: void) {}
    other(this: void) {}
  }

  it('returns true for routes with ApiIfMatch only', () => {
    expect(evaluatesIfMatch(Changes.prototype.evaluating)).toBe(true);
    expect(evaluatesIfMatch(Changes.prototype.other)).toBe(false);
  });
});

describe('rejectIfMatch', () => {
  const check = (method: string, header?: string) => () =>
    rejectIfMatch({ method, headers: { 'if-match': header } });

  it.each([
    ['a read', 'GET', '"3"'],
    ['an asterisk', 'POST', '*'],
    ['a request without the header', 'POST', undefined],
  ])('accepts %s', (_, method, header) => {
    expect(check(method, header)).not.toThrow();
  });

  it.each([
    ['"3"', 'precondition_failed'],
    ['W/"3"', 'precondition_failed'],
    ['3', 'malformed_request'],
  ])('rejects %s', (header, code) => {
    expect(check('POST', header)).toThrow(expect.objectContaining({ code }));
  });
});

describe('demandVersion', () => {
  it('requires a version if the resource exists', () => {
    const condition = demandVersion(undefined, undefined);

    expect(() => checkVersion(condition, 0)).toThrow(
      expect.objectContaining({ code: 'precondition_required' }),
    );
  });

  it('rejects a stale version of the body as a conflict, and one of the header as a failed precondition', () => {
    expect(() => checkVersion(demandVersion(undefined, 1), 2)).toThrow(
      expect.objectContaining({ code: 'conflict' }),
    );
    expect(() => checkVersion(demandVersion(conditionOf('"1"'), 2), 2)).toThrow(
      expect.objectContaining({ code: 'precondition_failed' }),
    );
  });

  it.each([
    ['"2"', 1, 'conflict'],
    ['*', 1, 'conflict'],
    ['"1"', 2, 'precondition_failed'],
    ['"1"', 1, 'precondition_failed'],
  ])('rejects If-Match %s with version %i in the body when version 2 is present', (header, version, code) => {
    expect(() => checkVersion(demandVersion(conditionOf(header), version), 2)).toThrow(
      expect.objectContaining({ code }),
    );
  });

  it.each([0, 1, 7])('reports the current version when version %i is expected', (version) => {
    expect(() => checkVersion(demandVersion(undefined, version), 2)).toThrow(
      /^The resource is now at version 2/,
    );
    expect(() => checkVersion(demandVersion(conditionOf(`"${version}"`), undefined), 2)).toThrow(
      /^The resource is now at version 2/,
    );
  });

  it('reports the current version when none is sent', () => {
    expect(() => checkVersion(demandVersion(undefined, undefined), 2)).toThrow(/It is now at version 2\.$/);
  });

  it('accepts the current version', () => {
    expect(() => checkVersion(demandVersion(undefined, 2), 2)).not.toThrow();
    expect(() => checkVersion(demandVersion(conditionOf('*'), undefined), 2)).not.toThrow();
    expect(() => checkVersion(demandVersion(conditionOf('"2"'), 2), 2)).not.toThrow();
  });
});
