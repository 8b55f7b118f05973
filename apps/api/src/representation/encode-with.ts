import { type FastifyReply } from 'fastify';

/** Lets an answer's body, if it turns out to have one, be written by `encode` and labelled with `contentType`. */
export function encodeWith(
  reply: FastifyReply,
  encode: (value: unknown) => string | Buffer,
  contentType: string,
): void {
  reply.serializer((value: unknown) => {
    reply.type(contentType);
    // Fastify's types know of texts only; it sends bytes as well.
    return encode(plain(value)) as string;
  });
}

/** A value as JSON would have it, so that dates and the like are the same in every representation. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}
