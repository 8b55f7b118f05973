import { type FastifyReply } from 'fastify';
import { type AnswerKind, type Representation } from './representations.js';

/** Lets an answer's body, if it turns out to have one, be written and labelled as a representation has it. */
export function encodeWith(reply: FastifyReply, representation: Representation, kind: AnswerKind): void {
  const { encode, contentType, problemContentType } = representation;
  reply.serializer((value: unknown) => {
    reply.type(kind === 'problem' ? problemContentType : contentType);
    // Fastify's types know of texts only; it sends bytes as well.
    return encode(plain(value), kind) as string;
  });
}

/** A value as JSON would have it, so that dates and the like are the same in every representation. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}
