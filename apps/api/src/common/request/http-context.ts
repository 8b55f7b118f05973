import { type ArgumentsHost } from '@nestjs/common';
import { type FastifyReply, type FastifyRequest } from 'fastify';

// `switchToHttp` makes two functions at each call, and every request goes through three guards.

/** The request that is being handled. */
export function requestOf(context: ArgumentsHost): FastifyRequest {
  return context.getArgByIndex<FastifyRequest>(0);
}

/** The reply that is being made. */
export function replyOf(context: ArgumentsHost): FastifyReply {
  return context.getArgByIndex<FastifyReply>(1);
}
