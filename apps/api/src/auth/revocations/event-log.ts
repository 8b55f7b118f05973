/** Maximum size of the kept events in bytes. A verifier that has missed more receives `all` after it reconnects. */
export const KEPT_MAX_BYTES = 32_768;

/** Latest events of the feed, for verifiers that reconnect. */
export class EventLog {
  private readonly kept: string[] = [];
  private keptBytes = 0;
  private sequence = 0;

  /** @param process id of this process, because each process numbers its own events. */
  constructor(private readonly process: string) {}

  /** Id of the last event. */
  get lastId(): string {
    return `${this.process}.${this.sequence}`;
  }

  /** Adds an event, and returns its text. */
  add(name: string, data: object): string {
    this.sequence += 1;
    const event = eventOf(name, data, this.lastId);
    this.kept.push(event);
    this.keptBytes += event.length;
    while (this.keptBytes > KEPT_MAX_BYTES) {
      this.keptBytes -= this.kept.shift()?.length ?? 0;
    }
    return event;
  }

  /** Returns the events after the one with this id; `undefined` if they are no longer kept. */
  after(lastId: string): string | undefined {
    const [process, number] = lastId.split('.');
    const missed = this.sequence - Number(number);
    return process === this.process && missed >= 0 && missed <= this.kept.length
      ? this.kept.slice(this.kept.length - missed).join('')
      : undefined;
  }
}

/** Returns a server-sent event. */
export function eventOf(name: string, data: object, id?: string): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
