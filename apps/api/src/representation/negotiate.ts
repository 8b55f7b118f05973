import { mediaType } from '@hapi/accept';
import { type Representation } from './representations.js';

/**
 * Chooses the representation a caller likes best (RFC 9110, section 12.5.1); on a tie the earlier one.
 *
 * @returns `undefined` if none is acceptable, or the header cannot be read.
 */
export function negotiate(
  accept: string | undefined,
  representations: readonly Representation[],
): Representation | undefined {
  if (accept === undefined || accept === '*/*') {
    return representations[0];
  }
  const chosen = parse(
    accept,
    representations.map((representation) => representation.mediaType),
  );
  return representations.find((representation) => representation.mediaType === chosen);
}

function parse(accept: string, mediaTypes: string[]): string | undefined {
  try {
    // Parameters such as `charset` come back with the type; ours are fixed.
    return mediaType(accept, mediaTypes).split(';', 1)[0];
  } catch {
    return undefined;
  }
}
