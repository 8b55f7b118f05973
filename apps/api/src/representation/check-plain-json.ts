import { ApplicationError } from '../common/application-error.js';

const DEPTH_MAX = 32;

/** Member names that every object has already; class-transformer trips over them, or drops them without a word. */
const PROTOTYPE_MEMBERS = new Set(['prototype', ...Object.getOwnPropertyNames(Object.prototype)]);

/** NUL and halves of surrogate pairs: PostgreSQL cannot store them. */
const NOT_TEXT = /\0|\p{Cs}/u;

/** Whether a name reaches into an object's prototype, so that no DTO has such a member. */
export function isPrototypeMember(name: string): boolean {
  return PROTOTYPE_MEMBERS.has(name);
}

/** Whether a text can be stored on every database. */
export function isStorableText(text: string): boolean {
  return !NOT_TEXT.test(text);
}

/**
 * Refuses what no DTO can mean: anything but an object at the top, nesting over 32 levels, prototype members, text
 * that cannot be stored.
 */
export function checkPlainJson(value: unknown): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid('', 'is_object', 'the body must be a JSON object');
  }
  check(value, '', 1);
}

function check(value: unknown, pointer: string, depth: number): void {
  if (typeof value === 'string' && !isStorableText(value)) {
    throw invalid(pointer, 'is_text', 'NUL and unpaired surrogates are not text');
  }
  if (typeof value !== 'object' || value === null) {
    return;
  }
  if (depth > DEPTH_MAX) {
    throw new ApplicationError('malformed_request', {
      detail: `JSON may be nested ${DEPTH_MAX} levels deep.`,
    });
  }
  for (const [name, member] of Object.entries(value)) {
    const path = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (isPrototypeMember(name)) {
      throw invalid(path, 'unknown_member', `there is no member ${name}`);
    }
    check(member, path, depth + 1);
  }
}

function invalid(pointer: string, code: string, message: string): ApplicationError {
  return new ApplicationError('validation_failed', { errors: [{ pointer, code, message }] });
}
