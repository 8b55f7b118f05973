import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type FastifyRequest } from 'fastify';
import { clientAddress } from './client-address.js';
import { requestOf } from './http-context.js';

/** Where a request comes from, for the audit trail and the throttle. */
export interface RequestOrigin {
  /** Address of the client, behind trusted proxies the one they saw; empty for the command line. */
  readonly address: string;
  /** User agent, cut. */
  readonly agent: string | undefined;
  /** The request id. */
  readonly traceId: string;
}

const AGENT_MAX_LENGTH = 200;

/** Reads the origin of a request. */
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
