import { type EpochMilliseconds } from '../../common/clock.service.js';

/** Maximum length of the name of a replica. */
export const NAME_MAX_LENGTH = 100;

/**
 * Maximum characters of a question or an answer. PostgreSQL limits messages to 8,000 bytes, and JSON escapes
 * some characters.
 */
export const CONTENT_MAX_LENGTH = 3_000;

/** Latest time of a Date (ECMAScript, section 21.4.1.1). */
const TIME_MAX = 8.64e15;

const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A server process on the database. */
export interface Replica {
  readonly id: string;
  /** Host name and process id. */
  readonly name: string;
  readonly version: string;
  /** Address and port of its HTTP server; `null` until it listens. */
  readonly address: string | null;
  readonly startTime: EpochMilliseconds;
  /** Milliseconds until it receives a notification; `null` on SQLite. */
  readonly lag: number | null;
  /** Number of verifiers connected to it. */
  readonly verifiers: number;
}

/** A message between replicas. */
export type ReplicaMessage =
  | ({ readonly kind: 'present' } & Replica)
  /** A replica stops. */
  | { readonly kind: 'leaving'; readonly id: string }
  /** Asks all replicas a question, such as for the explanation of a rejected request. */
  | { readonly kind: 'question'; readonly question: string; readonly text: string }
  /** One of `parts` answers of replica `id` to a question. */
  | {
      readonly kind: 'answer';
      readonly question: string;
      readonly id: string;
      readonly text: string;
      readonly parts: number;
    };

/** One check for each member of an object. */
export type Shape<T> = { readonly [Member in keyof T]-?: (value: unknown) => boolean };

const isText = (value: unknown): value is string => typeof value === 'string';
const isName = (value: unknown) => isText(value) && value.length <= NAME_MAX_LENGTH;
const isContent = (value: unknown) => isText(value) && value.length <= CONTENT_MAX_LENGTH;
const isId = (value: unknown) => isText(value) && ID.test(value);
const isCount = (value: unknown) => isTime(value) && value >= 0;
const orNull = (check: (value: unknown) => boolean) => (value: unknown) => value === null || check(value);

/** Whether a value is a time in the range of `Date`. */
export function isTime(value: unknown): value is number {
  return Number.isInteger(value) && Math.abs(value as number) <= TIME_MAX;
}

const SHAPES: { [Kind in ReplicaMessage['kind']]: Shape<ReplicaMessage & { kind: Kind }> } = {
  present: {
    kind: isText,
    id: isId,
    name: isName,
    version: isName,
    address: orNull(isName),
    startTime: isCount,
    lag: orNull(isCount),
    verifiers: isCount,
  },
  leaving: { kind: isText, id: isId },
  question: { kind: isText, question: isId, text: isContent },
  answer: { kind: isText, question: isId, id: isId, text: isContent, parts: isCount },
};

/** Parses a message; returns `undefined` if it is invalid. */
export function parseReplicaMessage(text: string): ReplicaMessage | undefined {
  const { kind } = parseMembers(text, { kind: isText }) ?? {};
  return typeof kind === 'string' && Object.hasOwn(SHAPES, kind)
    ? parseMembers<ReplicaMessage>(text, SHAPES[kind as ReplicaMessage['kind']])
    : undefined;
}

/**
 * Returns the members of a JSON object; `undefined` unless all pass their checks. Needed because every client
 * of the database can send notifications.
 */
export function parseMembers<T extends object>(text: string, shape: Shape<T>): T | undefined {
  let value: Partial<Record<string, unknown>>;
  try {
    value = (JSON.parse(text) ?? {}) as typeof value;
  } catch {
    return undefined;
  }
  const checks = Object.entries<(value: unknown) => boolean>(shape);
  return checks.every(([member, isValid]) => isValid(value[member]))
    ? (Object.fromEntries(checks.map(([member]) => [member, value[member]])) as T)
    : undefined;
}
