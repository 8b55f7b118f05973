import { beforeAll } from '@jest/globals';
import {
  type ProblemDto,
  type ReportedUseDto,
  type UserTokenDto,
  type VerifierReportDto,
  type VerifierReportedDto,
} from '@latchkey/auth-models';
import { digestOf } from '../../apps/api/src/platform/crypto/secrets.js';
import { type Headers, tokenHeader } from './api-client.js';
import { newUser } from './factories.js';
import { type RunningServer } from './use-server.js';

/** Service whose verifier may report uses. */
interface ReportingService {
  id: string;
  name: string;
  token: string;
  headers: Headers;
}

/** Creates a service before the tests of a file, and returns it with functions for its reports. */
export function useReportingService(server: RunningServer, asAdmin: Headers) {
  const service = {} as ReportingService;
  const asService: Headers = {};

  async function newService(): Promise<ReportingService> {
    const { body: user } = await server.client.createUser(newUser({ roles: ['verifiers'] }), asAdmin);
    const { body: token } = await server.client.createUserToken(user.name, asAdmin, {});
    return { id: user.id, name: user.name, token: token.token ?? '', headers: tokenHeader(token) };
  }

  beforeAll(async () => {
    await server.client.createRole({ name: 'verifiers', permissions: ['tokens:introspect'] }, asAdmin);
    Object.assign(service, await newService());
    Object.assign(asService, service.headers);
  });

  return {
    service,
    asService,
    newService,
    newToken: async (): Promise<UserTokenDto> => {
      const { body: user } = await server.client.createUser(newUser(), asAdmin);
      return (await server.client.createUserToken(user.name, asAdmin, {})).body;
    },
    report: (body: Partial<VerifierReportDto> & { verifier: string }, headers = asService) =>
      server.client.request<VerifierReportedDto & ProblemDto>('POST', '/auth/revocations/reports', {
        headers,
        body: { number: 1, name: 'test', local: 0, asked: 0, uses: [], ...body },
      }),
  };
}

/** Returns uses of a token that a service has received. */
export const usesOf = (
  { id, token = '' }: UserTokenDto,
  rest: Partial<ReportedUseDto> = {},
): ReportedUseDto => ({ token: id, digest: digestOf(token), count: 1, ago: 0, ...rest });
