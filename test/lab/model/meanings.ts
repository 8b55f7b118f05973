import fc from 'fast-check';
import { type Headers } from '../../support/api-client.js';

/** Which version a change means, and how it says so. */
type Meaning =
  | 'the present one by header'
  | 'the present one by body'
  | 'a stale one by header'
  | 'a stale one by body'
  | 'none';

/** Every way of meaning a version, the right ones most often. */
export const MEANINGS: fc.Arbitrary<Meaning> = fc.constantFrom(
  'the present one by header',
  'the present one by body',
  'the present one by body',
  'a stale one by header',
  'a stale one by body',
  'none',
);

/** What a change carries that means a version, and what it is refused with; `undefined` = it is made. */
export function meaning(
  means: Meaning,
  version: number,
): { headers: Headers; body: { version?: number }; refusal?: number } {
  switch (means) {
    case 'the present one by header':
      return { headers: { 'If-Match': `"${version}"` }, body: {} };
    case 'the present one by body':
      return { headers: {}, body: { version } };
    case 'a stale one by header':
      return { headers: { 'If-Match': `"${Math.abs(version - 1)}"` }, body: {}, refusal: 412 };
    case 'a stale one by body':
      return { headers: {}, body: { version: Math.abs(version - 1) }, refusal: 409 };
    case 'none':
      return { headers: {}, body: {}, refusal: 428 };
  }
}
