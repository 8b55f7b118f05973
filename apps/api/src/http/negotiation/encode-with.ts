import { type FastifyReply } from 'fastify';
import { JSON_REPRESENTATION, type AnswerKind, type Representation } from './representations.js';

/**
 * Characters of JSON up to which an answer is written in another type, which takes XML 25 ms. A larger one, such as the
 * result of a bulk change of 8,000 users, is sent as JSON whatever Accept says (RFC 9110, section 12.4.1): the change is
 * made already, so that 406 would be wrong.
 */
export const ENCODED_MAX = 524_288;

/** Lets an answer's body, if it turns out to have one, be written and labelled as a representation has it. */
export function encodeWith(reply: FastifyReply, representation: Representation, kind: AnswerKind): void {
  reply.serializer((value: unknown) => {
    const json = JSON.stringify(value);
    const { encode, contentType, problemContentType } =
      json.length > ENCODED_MAX ? JSON_REPRESENTATION : representation;
    reply.type(kind === 'problem' ? problemContentType : contentType);
    // Fastify's types know of texts only; it sends bytes as well.
    return encode(json, kind) as string;
  });
}
