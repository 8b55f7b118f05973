import { type ExecutionContext } from '@nestjs/common';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { principalOf, type Principal } from '../../../apps/api/src/common/request/principal.js';

/** Origin of fake calls. */
export const CALLER = { address: '192.0.2.7', agent: undefined, traceId: 'trace-1' };

/** Options of a fake call. All have defaults. */
export interface CallOptions {
  headers?: Record<string, string>;
  /** Alternating names and values, for repeated fields. */
  rawHeaders?: string[];
  method?: string;
  url?: string;
  /** Principal that an earlier guard authenticated. */
  user?: Principal;
}

/** Call of a route for tests of guards: the controller's real decorators, with a fake request and reply. */
export class FakeCall {
  readonly responseHeaders: Record<string, string> = {};
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly context: ExecutionContext;

  constructor(
    controller: new () => object,
    handler: string,
    {
      headers = {},
      rawHeaders = Object.entries(headers).flat(),
      method = 'GET',
      url = '/',
      user,
    }: CallOptions = {},
  ) {
    const { responseHeaders } = this;
    const request = {
      id: CALLER.traceId,
      ip: CALLER.address,
      method,
      url,
      headers,
      raw: { headers, rawHeaders },
      routeOptions: { config: {} },
      user,
    };
    this.request = request as unknown as FastifyRequest;
    this.reply = {
      header: (name: string, value: string) => void (responseHeaders[name.toLowerCase()] = value),
      headers: (fields: Record<string, string>) => void Object.assign(responseHeaders, fields),
      removeHeader: (name: string) => void delete responseHeaders[name.toLowerCase()],
    } as unknown as FastifyReply;
    const args = [this.request, this.reply];
    this.context = {
      getClass: () => controller,
      getHandler: () => (controller.prototype as Record<string, unknown>)[handler],
      getArgByIndex: (index: number) => args[index],
      switchToHttp: () => ({ getRequest: () => this.request, getResponse: () => this.reply }),
    } as unknown as ExecutionContext;
  }

  /** Principal that the guards authenticated. */
  get principal(): Principal | undefined {
    return principalOf(this.request);
  }
}

/** Returns a principal with a token that does not expire, with changes. */
export function principalWith(changes: Partial<Principal> = {}): Principal {
  return {
    id: 'id-anne',
    name: 'anne',
    scheme: 'token',
    roles: [],
    permissions: new Set(),
    token: { id: 'token-1', expirationTime: null, expiryHeader: null, isSuperseded: false, scope: null },
    origin: CALLER,
    ...changes,
  };
}
