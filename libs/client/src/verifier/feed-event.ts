import { crc32 } from 'node:zlib';
import { type StreamEvent } from './event-stream.js';

/** Event of the revocation feed that was not altered in transit. */
export interface FeedEvent {
  readonly type: string;
  /** Id of the process that sent it. */
  readonly process: string;
  /** Number of the revocation; for all other events, number of the last revocation. */
  readonly sequence: number;
  readonly content: Record<string, unknown>;
}

/** Process, number and checksum. */
const ID = /^([^.]+)\.(\d{1,15})\.([0-9a-f]{8})$/;

/**
 * Reads an event of the revocation feed. The CRC-32 in the id detects accidents, and the alteration of single
 * events. Only TLS protects against an attacker who rewrites the stream.
 *
 * @throws SyntaxError if it is malformed or was altered.
 */
export function readFeedEvent({ type, data, id = '' }: StreamEvent): FeedEvent {
  const [, process = '', number = '', check = ''] = ID.exec(id) ?? [];
  if (crc32(`${process}.${number}\n${type}\n${data}`) !== Number.parseInt(check, 16)) {
    throw new SyntaxError(
      'An event was altered in transit. Check the proxies between this service and Latchkey.',
    );
  }
  const content = Object(JSON.parse(data)) as Record<string, unknown>;
  return { type, process, sequence: Number(number), content };
}
