import { HEADERS } from '@latchkey/auth-models';

/** Whether an `If-None-Match` contains an ETag, by weak comparison (RFC 9110, section 13.1.2). */
export function hasTag(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = ifNoneMatch?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? [];
  return tags.includes(etag) || tags.includes('*');
}

/** OpenAPI description of `If-None-Match`. */
export const IF_NONE_MATCH = {
  name: HEADERS.ifNoneMatch,
  required: false,
  description: 'ETags that the client has, or `*`.',
} as const;

/** OpenAPI description of the ETag of a document. */
export const ENTITY_TAG = {
  [HEADERS.etag]: { description: 'Changes with the document.', required: true, schema: { type: 'string' } },
} as const;
