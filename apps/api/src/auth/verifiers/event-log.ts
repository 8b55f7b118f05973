import { crc32 } from 'node:zlib';

/**
 * Maximum size of the kept events in bytes. A verifier that has missed more receives `all` after it
 * reconnects.
 */
export const KEPT_MAX_BYTES = 32_768;

/** Id of an event as a verifier sends it: process, number, and the checksum, which may be missing. */
const EVENT_ID = /^([0-9a-f-]{36})\.(\d{1,15})(?:\.[0-9a-f]{8})?$/;

/** Numbered events of the feed. Keeps the latest ones for verifiers that reconnect. */
export class EventLog {
  private readonly kept: string[] = [];
  private keptBytes = 0;
  private sequence = 0;

  /** @param process id of this process, because each process numbers its own events. */
  constructor(private readonly process: string) {}

  /** Adds an event with the next number and returns its text. */
  add(name: string, data: object): string {
    this.sequence += 1;
    const event = this.textOf(name, data);
    this.kept.push(event);
    this.keptBytes += event.length;
    while (this.keptBytes > KEPT_MAX_BYTES) {
      this.keptBytes -= this.kept.shift()?.length ?? 0;
    }
    return event;
  }

  /**
   * Returns an event that has the number of an earlier one, by default the last one, because it is not kept
   * itself.
   */
  textOf(name: string, data: object, sequence = this.sequence): string {
    return eventOf(name, data, this.process, sequence);
  }

  /**
   * Returns the events after the one with this id, and its number; `undefined` if they are no longer kept.
   */
  after(lastId: string): { sequence: number; events: string } | undefined {
    const [, process, number] = EVENT_ID.exec(lastId) ?? [];
    const sequence = Number(number);
    const missed = this.sequence - sequence;
    return process === this.process && missed >= 0 && missed <= this.kept.length
      ? { sequence, events: this.kept.slice(this.kept.length - missed).join('') }
      : undefined;
  }
}

/**
 * Returns a server-sent event. Its id ends with a CRC-32, so verifiers detect altered events. They detect
 * lost events by gaps between the numbers. Only TLS protects against an attacker who rewrites the stream.
 */
export function eventOf(name: string, data: object, process: string, sequence: number): string {
  const id = `${process}.${sequence}`;
  const text = JSON.stringify(data);
  const check = crc32(`${id}\n${name}\n${text}`).toString(16).padStart(8, '0');
  return `id: ${id}.${check}\nevent: ${name}\ndata: ${text}\n\n`;
}
