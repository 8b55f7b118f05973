import { type ExecutionContext } from '@nestjs/common';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { principalOf, type Principal } from '../../apps/api/src/common/request/principal.js';

/** Where faked calls come from. */
export const CALLER = { address: '192.0.2.7', agent: undefined, traceId: 'trace-1' };

/** What a faked call has beside its route; each has a default. */
export interface CallOptions {
  headers?: Record<string, string>;
  /** Names and values in turn, where a field is there twice. */
  rawHeaders?: string[];
  method?: string;
  url?: string;
  /** Who an earlier guard let in. */
  user?: Principal;
}

/** A call of a route, as guards see it: the controller's real decorators, a faked request, and what the reply tells. */
export class GuardedCall {
  readonly told: Record<string, string> = {};
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
    const { told } = this;
    const request = {
      id: CALLER.traceId,
      ip: CALLER.address,
      method,
      url,
      headers,
      raw: { headers, rawHeaders },
      user,
    };
    this.request = request as unknown as FastifyRequest;
    this.reply = {
      header: (name: string, value: string) => void (told[name.toLowerCase()] = value),
      headers: (fields: Record<string, string>) => void Object.assign(told, fields),
      removeHeader: (name: string) => void delete told[name.toLowerCase()],
    } as unknown as FastifyReply;
    const args = [this.request, this.reply];
    this.context = {
      getClass: () => controller,
      getHandler: () => (controller.prototype as Record<string, unknown>)[handler],
      getArgByIndex: (index: number) => args[index],
      switchToHttp: () => ({ getRequest: () => this.request, getResponse: () => this.reply }),
    } as unknown as ExecutionContext;
  }

  /** Who was let in. */
  get principal(): Principal | undefined {
    return principalOf(this.request);
  }
}

/** Somebody who was let in by a token that never ends, with changes. */
export function principalWith(changes: Partial<Principal> = {}): Principal {
  return {
    id: 'id-anne',
    name: 'anne',
    scheme: 'token',
    roles: [],
    permissions: new Set(),
    token: { id: 'token-1', endTime: null, end: null, isSuperseded: false, limit: null },
    origin: CALLER,
    ...changes,
  };
}
