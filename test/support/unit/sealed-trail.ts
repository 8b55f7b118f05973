import { AuditEvent } from '../../../apps/api/src/audit/trail/audit-event.entity.js';
import {
  type AuditProblem,
  ChainCheck,
  type ChainEnd,
} from '../../../apps/api/src/audit/verification/chain-check.js';
import { type ChainHead, checkpointOf, sealedText } from '../../../apps/api/src/audit/trail/audit-entry.js';
import { SealingKey } from '../../../apps/api/src/audit/keys/sealing-key.js';

/** Data that a verification compares a trail with. */
interface Check {
  /** Row with the end of the chain; by default that before the manipulation. */
  end?: ChainEnd;
  endNow?: ChainEnd;
  exportedHead?: ChainHead;
  /** Number of entries at the end of the check. */
  count?: number;
}

/** Audit trail in memory, sealed like the server's, that tests manipulate. */
export class SealedTrail {
  readonly first = SealingKey.create();
  readonly second = SealingKey.create();
  /** Keys of the verification. */
  keys = [this.first];
  entries: AuditEvent[] = [];
  /** Row with the end of the chain when {@link keep} was last called. */
  private intact = this.end();

  /** Appends an entry. */
  append(change: Partial<AuditEvent> = {}, key = this.first): AuditEvent {
    const last = this.entries.at(-1);
    const sequence = (last?.sequence ?? 0) + 1;
    const event = Object.assign(new AuditEvent(), {
      id: `id-${sequence}`,
      sequence,
      time: 1,
      actorId: null,
      actorName: null,
      actorTokenId: null,
      subjectKind: 'user',
      subjectId: null,
      subjectName: 'anne',
      action: 'user_created',
      outcome: 'success',
      address: null,
      traceId: null,
      before: null,
      after: null,
      keyId: key.id,
      previousMac: last?.mac ?? '',
      ...change,
    });
    event.mac = key.seal(sealedText(event));
    this.entries.push(event);
    return event;
  }

  /** Appends the entry of a rotation to the second key. */
  handOver(sealedWith = this.first): void {
    const after = JSON.stringify({ keyId: this.second.id });
    this.append({ action: 'audit_key_rotated', after }, sealedWith);
  }

  /** Appends the entry of a trim up to a number and removes the entries up to `dropped`. */
  trim(upTo: number, { dropped = upTo, key = this.first, keyId = this.at(upTo).keyId } = {}): void {
    const { sequence, mac } = this.at(upTo);
    this.append({ action: 'audit_trail_trimmed', after: JSON.stringify({ sequence, mac, keyId }) }, key);
    this.keep();
    this.entries = this.entries.filter((event) => event.sequence > dropped);
  }

  at(sequence: number): AuditEvent {
    return this.entries.find((event) => event.sequence === sequence) as AuditEvent;
  }

  /** Returns the row with the end of the chain, as the server stores it. */
  end(keyId = this.entries.at(-1)?.keyId ?? ''): ChainEnd {
    const last = this.entries.at(-1);
    return { sequence: last?.sequence ?? 0, mac: last?.mac ?? '', keyId, latestTime: 1, clockSetback: 0 };
  }

  /** Declares the present trail intact. */
  keep(): void {
    this.intact = this.end();
  }

  /** Findings, as `code sequence`. */
  found(check?: Check): string[] {
    return this.problems(check).map(({ code, sequence }) => `${code} ${sequence}`);
  }

  /** Returns the findings. */
  problems({
    end = this.intact,
    endNow = end,
    exportedHead,
    count = this.entries.length,
  }: Check = {}): AuditProblem[] {
    const findKey = (id: string) => this.keys.find((key) => key.id === id);
    const check = new ChainCheck({ end, exportedHead, findKey });
    const newest = this.entries.findLast(({ action }) => action === 'audit_trail_trimmed');
    check.checkpoint = newest && checkpointOf(newest);
    const sorted = [...this.entries].sort((a, b) => a.sequence - b.sequence);
    const problems = sorted.flatMap((event) => [...check.next(event)]);
    return [...problems, ...check.end(endNow, count)];
  }
}
