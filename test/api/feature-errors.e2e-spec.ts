import { describe, expect, it } from '@jest/globals';
import {
  ConflictException,
  Controller,
  Get,
  GoneException,
  InternalServerErrorException,
  Module,
  NotFoundException,
  ServiceUnavailableException,
} from '@nestjs/common';
import { type ProblemDto } from '@latchkey/auth-models';
import { decode } from 'cborg';
import { Public } from '../../apps/api/src/common/request/policy.js';
import { useServer } from '../support/use-server.js';

const INSTANT = new Date('2026-01-02T03:04:05.678Z');

@Controller('feature')
@Public()
class FeatureController {
  @Get('not-found')
  notFound(): void {
    throw new NotFoundException('There is no report 7.');
  }

  @Get('conflict')
  conflict(): void {
    throw new ConflictException('The report is being printed.');
  }

  @Get('gone')
  gone(): void {
    throw new GoneException('The report was shredded.');
  }

  @Get('unavailable')
  unavailable(): void {
    throw new ServiceUnavailableException('printer at 10.0.0.7 is on fire');
  }

  @Get('broken')
  broken(): void {
    throw new InternalServerErrorException('printer at 10.0.0.7 is on fire');
  }

  @Get('date')
  date(): object {
    return { at: INSTANT, left: undefined };
  }
}

@Module({ controllers: [FeatureController] })
class FeatureModule {}

const server = useServer({ features: [FeatureModule] });

const get = (path: string, accept = 'application/json') =>
  server.client.request<ProblemDto>('GET', `/feature/${path}`, { headers: { Accept: accept } });

describe('an HTTP exception thrown by a feature module', () => {
  it.each([
    ['not-found', 404, 'not_found', 'There is no report 7.'],
    ['conflict', 409, 'conflict', 'The report is being printed.'],
    ['gone', 410, 'not_found', 'The report was shredded.'],
  ])('keeps status and message of %s', async (path, status, code, detail) => {
    const answer = await get(path);

    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(answer.body).toMatchObject({ status, code, detail });
  });

  it.each([
    ['unavailable', 503, 'unavailable'],
    ['broken', 500, 'internal_error'],
  ])('hides the message of %s', async (path, status, code) => {
    const answer = await get(path);

    expect(answer.body).toMatchObject({ status, code });
    expect(answer.text).not.toContain('printer');
  });

  it('with status 503 sets Retry-After', async () => {
    expect((await get('unavailable')).headers.get('retry-after')).toBe('2');
  });
});

describe('a date in a response of a feature module', () => {
  it.each(['application/json', 'application/xml', 'application/yaml'])(
    'is RFC 3339 in %s',
    async (accept) => {
      expect((await get('date', accept)).text).toContain(INSTANT.toISOString());
    },
  );

  it('is RFC 3339 in CBOR', async () => {
    const response = await fetch(`${server.client.baseUrl}/feature/date`, {
      headers: { Accept: 'application/cbor' },
    });

    expect(decode(new Uint8Array(await response.arrayBuffer()))).toEqual({ at: INSTANT.toISOString() });
  });
});
