import { type Representation } from './representations.js';

/**
 * Returns the representation with the highest weight (RFC 9110, section 12.5.1). On a tie it is the first one of the list,
 * regardless of the order in the header.
 *
 * @returns `undefined` if none is acceptable, or the header is malformed.
 */
export function negotiate(
  accept: string | undefined,
  representations: readonly Representation[],
): Representation | undefined {
  if (!accept || accept === '*/*') {
    return representations[0];
  }
  const weights = weightsOf(accept);
  let best: Representation | undefined;
  let bestWeight = 0;
  for (const representation of representations) {
    const weight = weightIn(weights, representation.mediaType);
    if (weight > bestWeight) {
      best = representation;
      bestWeight = weight;
    }
  }
  return best;
}

/** Returns the weight of the most specific range that matches a media type; 0 = not acceptable. */
function weightIn(weights: ReadonlyMap<string, number>, mediaType: string): number {
  const [type] = mediaType.split('/', 1);
  return weights.get(mediaType) ?? weights.get(`${type}/*`) ?? weights.get('*/*') ?? 0;
}

/** Returns the weight of each media range. Parameters such as `charset` are ignored, as they are fixed here. */
function weightsOf(accept: string): Map<string, number> {
  const weights = new Map<string, number>();
  // Quoted strings are parameter values, and may contain commas.
  for (const part of accept.replace(/"[^"]*"/g, '').split(',')) {
    const [range = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    weights.set(range, Math.max(weights.get(range) ?? 0, weightAmong(parameters)));
  }
  return weights;
}

function weightAmong(parameters: readonly string[]): number {
  const [, text] = parameters.map((parameter) => /^q\s*=\s*(.*)$/.exec(parameter)).find(Boolean) ?? [];
  const weight = Number.parseFloat(text ?? '1');
  return Number.isNaN(weight) ? 1 : Math.min(weight, 1);
}
