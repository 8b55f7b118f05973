import { HEADERS } from '@latchkey/auth-models';

/** Names of header fields in lower case, as Node reads and Fastify writes them. */
export const FIELDS = Object.fromEntries(
  Object.entries(HEADERS).map(([key, name]) => [key, name.toLowerCase()]),
) as { readonly [Key in keyof typeof HEADERS]: Lowercase<(typeof HEADERS)[Key]> };

/** Methods for the header fields of a response. A Fastify reply has them too. */
export interface ResponseFields {
  header(name: string, value: unknown): unknown;
  removeHeader(name: string): unknown;
}
