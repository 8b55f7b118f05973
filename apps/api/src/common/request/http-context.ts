import { type ArgumentsHost } from '@nestjs/common';
import { type FastifyReply, type FastifyRequest } from 'fastify';

// `switchToHttp` creates two functions per call, and every request passes several guards.

/** Returns the current request. */
export function requestOf(context: ArgumentsHost): FastifyRequest {
  return context.getArgByIndex<FastifyRequest>(0);
}

/** Returns the reply to the current request. */
export function replyOf(context: ArgumentsHost): FastifyReply {
  return context.getArgByIndex<FastifyReply>(1);
}
