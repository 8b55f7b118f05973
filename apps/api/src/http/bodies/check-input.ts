import { ApplicationError, errorAt } from '../../common/application-error.js';
import { type BodyShape } from './body-shape.js';

/**
 * Maximum number of members and array items of a body that its class does not allow, and of parameters of a
 * query.
 */
export const VALUES_MAX = 100;

/**
 * Maximum length of the name of a member or parameter. Errors repeat the name, so this limits responses as
 * well.
 */
export const NAME_MAX_LENGTH = 128;

/** Maximum nesting of a body. */
export const DEPTH_MAX = 32;

/** Names that every object inherits. class-transformer fails on them, or drops them silently. */
const PROTOTYPE_MEMBERS = new Set(['prototype', ...Object.getOwnPropertyNames(Object.prototype)]);

/** NUL and unpaired surrogates, which PostgreSQL cannot store. */
const NOT_TEXT = /\0|\p{Cs}/u;

/** Whether a name is that of an inherited member, which no DTO has. */
export function isPrototypeMember(name: string): boolean {
  return PROTOTYPE_MEMBERS.has(name);
}

/** Whether both databases can store a text. */
export function isStorableText(text: string): boolean {
  return !NOT_TEXT.test(text);
}

/** Returns the JSON Pointer (RFC 6901) of a member. */
export function memberPointer(parent: string, name: string): string {
  return `${parent}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** Number of members and array items that may follow. */
interface Budget {
  left: number;
}

/**
 * Rejects bodies that match no DTO: a root that is not an object, more than 32 levels, too many members and
 * array items that the shape does not allow, long names, inherited members, text that cannot be stored.
 * Validation takes up to 0.4 ms per member, so this check comes first.
 */
export function checkPlainJson(value: unknown, shape: BodyShape = {}): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw errorAt('', 'is_object', 'the body must be a JSON object');
  }
  check(value, shape, { left: VALUES_MAX }, '', 1);

  function check(
    member: unknown,
    { members, itemsMax = 0, items, freeMax }: BodyShape,
    others: Budget,
    pointer: string,
    depth: number,
  ): void {
    if (typeof member === 'string' && !isStorableText(member)) {
      throw errorAt(pointer, 'is_text', 'NUL and unpaired surrogates are not text');
    }
    if (typeof member !== 'object' || member === null) {
      return;
    }
    if (depth > DEPTH_MAX) {
      throw new ApplicationError('malformed_request', {
        detail: `JSON can have at most ${DEPTH_MAX} levels.`,
      });
    }
    const isList = Array.isArray(member);
    const entries = Object.entries(member);
    const allowed = isList
      ? Math.min(entries.length, itemsMax)
      : entries.filter(([name]) => members?.has(name)).length;
    const budget = freeMax === undefined ? others : { left: freeMax };
    budget.left -= entries.length - allowed;
    if (budget.left < 0) {
      throw tooManyValues(pointer);
    }
    for (const [name, inner] of entries) {
      if (name.length > NAME_MAX_LENGTH) {
        const message = `the name of a member may have at most ${NAME_MAX_LENGTH} characters`;
        throw errorAt(pointer, 'name_too_long', message);
      }
      const path = memberPointer(pointer, name);
      if (isPrototypeMember(name)) {
        throw errorAt(path, 'unknown_member', `there is no member ${name}`);
      }
      const shapeOfInner = (isList ? items : members?.get(name)) ?? {};
      check(inner, shapeOfInner, budget, path, depth + 1);
    }
  }
}

/** Returns the error for a body with too many members and array items that its class does not allow. */
export function tooManyValues(pointer = ''): ApplicationError {
  return errorAt(
    pointer,
    'too_many_values',
    `the body may have at most ${VALUES_MAX} members and array items in addition to those of its schema`,
  );
}

/**
 * Rejects a query that is not percent-encoded UTF-8, as decoding it with replacement characters would change
 * its meaning. Also rejects too many parameters and long names, before each of them is processed.
 */
export function checkQuery(url: string): void {
  const [, query = ''] = url.split(/\?(.*)/s, 2);
  const parameters = query.split('&');
  if (parameters.length > VALUES_MAX || parameters.some((one) => nameOf(one).length > NAME_MAX_LENGTH)) {
    throw new ApplicationError('invalid_parameter', {
      detail: `A query may have at most ${VALUES_MAX} parameters, with names of at most ${NAME_MAX_LENGTH} characters.`,
    });
  }
  const wrong = parameters.filter((parameter) => decode(parameter) === undefined);
  if (wrong.length > 0) {
    throw new ApplicationError('invalid_parameter', { errors: wrong.map(errorOf) });
  }
}

function errorOf(parameter: string) {
  const name = nameOf(parameter);
  return {
    pointer: memberPointer('', name),
    code: 'not_utf8',
    message: `${name} must be UTF-8, percent-encoded`,
  };
}

function nameOf(parameter: string): string {
  const [given = ''] = parameter.split('=', 1);
  return decode(given) ?? given;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
