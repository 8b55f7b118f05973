import { buildMessage, ValidateBy } from 'class-validator';
import { METADATA_DEPTH_MAX, METADATA_HEADER_MAX, METADATA_MAX_BYTES } from '../limits.js';

/** Names that are also valid in XML. */
const NAME = /^[A-Za-z_][A-Za-z0-9_.-]*$/;

/** Returns an object as JSON in ASCII, as a header field contains it. */
export function metadataHeader(metadata: object): string {
  return JSON.stringify(metadata).replace(
    /[^ -~]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Accepts a small JSON object. */
export function IsMetadata(): PropertyDecorator {
  return ValidateBy({
    name: 'isMetadata',
    validator: {
      validate: (value) => metadataProblem(value) === undefined,
      defaultMessage: buildMessage((_, args) => `$property ${metadataProblem(args?.value)}`),
    },
  });
}

function metadataProblem(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return 'must be a JSON object';
  }
  if (!isShallow(value, METADATA_DEPTH_MAX)) {
    return `may have at most ${METADATA_DEPTH_MAX} levels`;
  }
  if (!hasNames(value)) {
    return 'must have member names of ASCII letters, digits, dots, hyphens and underscores that start with a letter or an underscore';
  }
  if (!hasExactNumbers(value)) {
    return `may contain only finite numbers, and integers within ±${Number.MAX_SAFE_INTEGER}; send other numbers as text`;
  }
  const bytes = new TextEncoder().encode(JSON.stringify(value)).length;
  if (bytes > METADATA_MAX_BYTES) {
    return `may have at most ${METADATA_MAX_BYTES} bytes of JSON, and has ${bytes}`;
  }
  const { length } = metadataHeader(value);
  return length > METADATA_HEADER_MAX
    ? `may have at most ${METADATA_HEADER_MAX} characters as a header field, which has \\u00e9 for é, and has ${length}`
    : undefined;
}

function isShallow(value: unknown, levels: number): boolean {
  return (
    typeof value !== 'object' ||
    value === null ||
    (levels > 0 && Object.values(value).every((inner) => isShallow(inner, levels - 1)))
  );
}

function hasNames(value: unknown): boolean {
  return (
    typeof value !== 'object' ||
    value === null ||
    ((Array.isArray(value) || Object.keys(value).every((name) => NAME.test(name))) &&
      Object.values(value).every(hasNames))
  );
}

/**
 * Whether no number has become `Infinity`, which JSON writes as `null`, or an integer that may have lost
 * digits.
 */
function hasExactNumbers(value: unknown): boolean {
  if (typeof value === 'number') {
    return Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
  }
  return typeof value !== 'object' || value === null || Object.values(value).every(hasExactNumbers);
}
