import fc from 'fast-check';
import { type Headers } from '../../support/api-client.js';

/** Version that a change states, and its place in the request. */
type VersionForm =
  | 'the current version in the header'
  | 'the current version in the body'
  | 'a stale version in the header'
  | 'a stale version in the body'
  | 'no version';

/** All forms, most often current versions. */
export const VERSION_FORMS: fc.Arbitrary<VersionForm> = fc.constantFrom(
  'the current version in the header',
  'the current version in the body',
  'the current version in the body',
  'a stale version in the header',
  'a stale version in the body',
  'no version',
);

/** Returns the header or member that states a version, and the status of the rejection, if any. */
export function versionIn(
  form: VersionForm,
  version: number,
): { headers: Headers; body: { version?: number }; rejection?: number } {
  switch (form) {
    case 'the current version in the header':
      return { headers: { 'If-Match': `"${version}"` }, body: {} };
    case 'the current version in the body':
      return { headers: {}, body: { version } };
    case 'a stale version in the header':
      return { headers: { 'If-Match': `"${Math.abs(version - 1)}"` }, body: {}, rejection: 412 };
    case 'a stale version in the body':
      return { headers: {}, body: { version: Math.abs(version - 1) }, rejection: 409 };
    case 'no version':
      return { headers: {}, body: {}, rejection: 428 };
  }
}
