import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type FastifyRequest } from 'fastify';
import { clientAddress } from './client-address.js';
import { requestOf } from './http-context.js';

/** Origin of a request, for the audit trail and the throttle. */
export interface RequestOrigin {
  /** Address of the client, as seen by trusted proxies; empty for the command line. */
  readonly address: string;
  /** Truncated user agent. */
  readonly agent: string | undefined;
  /** Request id. */
  readonly traceId: string;
}

const AGENT_MAX_LENGTH = 200;

/** Returns the origin of a request. */
export function requestOrigin(request: FastifyRequest): RequestOrigin {
  return {
    address: clientAddress(request),
    agent: request.headers['user-agent']?.slice(0, AGENT_MAX_LENGTH),
    traceId: request.id,
  };
}

/** Injects the {@link RequestOrigin}. */
export const Origin = createParamDecorator((_: unknown, context: ExecutionContext) =>
  requestOrigin(requestOf(context)),
);
