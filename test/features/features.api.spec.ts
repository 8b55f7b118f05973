import { beforeAll, describe, expect, it } from '@jest/globals';
import { BUILT_IN_PERMISSIONS, type ProblemDto } from '@latchkey/auth-models';
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
import { Public } from '../../apps/api/src/common/request/policy.js';
import { MoreReportsModule } from '../fixtures/reports-module/more-reports.module.js';
import { ReportsModule } from '../fixtures/reports-module/reports.module.js';
import { basic, type Headers } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { ADMIN } from '../support/test-server.js';
import { useRoles } from '../support/use-roles.js';
import { useAdmin, useServer } from '../support/use-server.js';

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

const server = useServer({ features: [FeatureModule, ReportsModule, MoreReportsModule] });
const asAdmin = useAdmin(server);

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
});

describe('a feature module', () => {
  let asUser: Headers;
  const user = newUser();

  beforeAll(async () => {
    await server.client.createUser(user, asAdmin);
    asUser = await server.client.loginHeaders(user.name, PASSWORD);
  });

  const get = (path: string, headers: Headers = {}) =>
    server.client.request<unknown>('GET', path, { headers });

  describe('a route of a feature module with @RequirePermissions', () => {
    it('returns 401 without a token', async () => {
      expect((await get('/reports')).status).toBe(401);
    });

    it('returns 403 to a user without the permission', async () => {
      const { status, body } = await get('/reports', asUser);

      expect(status).toBe(403);
      expect(body).toMatchObject({ code: 'forbidden', detail: 'This requires reports:read.' });
    });

    it('returns 200 to an administrator, who holds the permissions of features', async () => {
      const { status, body } = await get('/reports', asAdmin);

      expect([status, body]).toEqual([200, [{ title: 'Quarterly figures', reader: ADMIN.name }]]);
    });

    it('negotiates the media type', async () => {
      const { headers, text } = await get('/reports', { ...asAdmin, Accept: 'application/yaml' });

      expect(headers.get('content-type')).toBe('application/yaml; charset=utf-8');
      expect(text).toContain('title: "Quarterly figures"');
    });
  });

  describe('a route of a feature module with BasicAuthGuard', () => {
    it('returns 401 with a Basic challenge to a token', async () => {
      const { status, headers } = await get('/reports/feed', asAdmin);

      expect(status).toBe(401);
      expect(headers.get('www-authenticate')).toBe('Basic realm="latchkey", charset="UTF-8"');
    });

    it('returns 403 to a user without the permission', async () => {
      expect((await get('/reports/feed', { Authorization: basic(user.name, PASSWORD) })).status).toBe(403);
    });

    it('returns 200 to an administrator with name and password', async () => {
      const { status, body } = await get('/reports/feed', {
        Authorization: basic(ADMIN.name, ADMIN.password),
      });

      expect([status, body]).toEqual([200, { title: 'Newest', reader: ADMIN.name }]);
    });
  });

  describe('a route of a feature module without a policy', () => {
    it('returns 403 to every user', async () => {
      expect((await get('/reports/forgotten', asAdmin)).status).toBe(403);
    });
  });

  describe('the permission of a feature module', () => {
    it('is among the effective permissions of an administrator', async () => {
      expect((await server.client.me(asAdmin)).body.permissions).toContain('reports:read');
    });
  });
});

describe('permissions of feature modules', () => {
  const { createHolder, createRole } = useRoles(server, asAdmin);

  describe('GET /apis', () => {
    it('returns all permissions with descriptions, including those of feature modules', async () => {
      const { status, body } = await server.client.apis(asAdmin);

      const expected = { ...BUILT_IN_PERMISSIONS, 'reports:read': 'Read reports.' };
      expect(status).toBe(200);
      expect(
        body.items.flatMap(({ permissions }) =>
          permissions.map(({ name, description }) => [name, description]),
        ),
      ).toEqual(Object.entries(expected).sort(([a], [b]) => (a < b ? -1 : 1)));
    });

    it('reserves the name of a feature module', async () => {
      const { status } = await server.client.createApi({ name: 'reports' }, asAdmin);

      expect(status).toBe(422);
    });
  });

  describe('a permission of a feature module', () => {
    it('can be added to a role, whose holders then have it', async () => {
      const role = await createRole({ permissions: ['reports:read'] });
      const asReader = await createHolder(role);

      const { status } = await server.client.request('GET', '/reports', { headers: asReader });

      expect(status).toBe(200);
      expect((await server.client.me(asReader)).body.permissions).toEqual(['reports:read']);
    });

    it('is granted by the matching built-in roles', async () => {
      const roles = await Promise.all(
        ['admin', 'auditor', 'user'].map((name) => server.client.role(name, asAdmin)),
      );

      expect(roles.map(({ body }) => body.permissions.includes('reports:read'))).toEqual([true, true, false]);
    });
  });
});
