import { type EpochMilliseconds } from '../../common/clock.service.js';
import { type AuditChain } from '../trail/audit-chain.entity.js';
import { type AuditEvent } from '../trail/audit-event.entity.js';
import { type ChainHead, handedOverTo, sealedText, type TrimCheckpoint } from '../trail/audit-entry.js';
import { type SealingKey } from '../keys/sealing-key.js';

/** Problem at one position of the trail. */
export interface AuditProblem {
  /** Number of the entry, or of the first missing one. */
  readonly sequence: number;
  /** Id of the entry, if it exists. */
  readonly id?: string;
  readonly code: AuditProblemCode;
  /** Description of the problem, in one sentence. */
  readonly message: string;
  /**
   * Present if only the given head shows the problem. The head may be mistyped, or belong to another trail.
   * Otherwise entries were removed or replaced, and the head is the only evidence.
   */
  readonly isAboutHead?: true;
}

/** Kinds of problems. */
type AuditProblemCode =
  | 'changed'
  | 'missing'
  | 'out_of_place'
  | 'not_checked'
  | 'key_unknown'
  | 'key_not_handed_over'
  | 'key_not_configured'
  | 'tail_cut'
  | 'head_changed'
  | 'head_differs';

/** Facts to check a trail against, besides its own seals. */
interface ChainExpectation {
  /** Recorded end of the chain when the check started. */
  readonly end: ChainEnd;
  /** Entry known from an earlier verification. */
  readonly exportedHead: ChainHead | undefined;
  readonly findKey: (id: string) => SealingKey | undefined;
}

/** End of the chain, as recorded in its row. */
export type ChainEnd = Pick<AuditChain, 'sequence' | 'mac' | 'keyId' | 'latestTime' | 'clockSetback'>;

/** Follows the chain entry by entry and reports its problems. */
export class ChainCheck {
  /** Checkpoint of the latest trim. Entries up to it may be missing. */
  checkpoint: TrimCheckpoint | undefined;
  private last: ChainHead = { sequence: 0, mac: '' };
  private nextKeyId: string | undefined;
  private unknownKeyId: string | undefined;
  /** Seal of the entry that was the last one when the check started. */
  private macAtEnd = '';
  private latestTime: EpochMilliseconds = 0;
  /** Largest number of milliseconds by which a checked entry is older than an earlier one. */
  private clockSetback = 0;
  private checked = 0;

  constructor(private readonly expected: ChainExpectation) {}

  /** Last checked entry. */
  get head(): ChainHead {
    return this.last;
  }

  /** Id of the key that must seal the next entry, if known. */
  get keyId(): string | undefined {
    return this.nextKeyId;
  }

  /** Returns whether entries are missing between the last one and this one. */
  isGapBefore(event: AuditEvent): boolean {
    return event.sequence > this.last.sequence + 1;
  }

  *next(event: AuditEvent): Generator<AuditProblem> {
    this.checked += 1;
    if (event.sequence < 1) {
      yield problem(event, 'out_of_place', 'was inserted: the numbers of entries start with 1.');
      return;
    }
    yield* this.checkPlace(event);
    const isGenuine = yield* this.checkSeal(event);
    if (isGenuine) {
      yield* this.checkKey(event);
      this.nextKeyId = handedOverTo(event) ?? event.keyId;
      this.clockSetback = Math.max(this.clockSetback, this.latestTime - event.time);
      this.latestTime = Math.max(this.latestTime, event.time);
    }
    const { end, exportedHead } = this.expected;
    if (exportedHead?.sequence === event.sequence && exportedHead.mac !== event.mac) {
      yield {
        ...problem(event, 'head_differs', 'does not match the given head.'),
        isAboutHead: true,
      };
    }
    this.macAtEnd = end.sequence === event.sequence ? event.mac : this.macAtEnd;
    this.last = { sequence: event.sequence, mac: event.mac };
  }

  /**
   * Checks that the last checked entry is the end of the chain.
   *
   * @param endNow the recorded end of the chain now, because entries may have been added since the start.
   * @param count number of entries up to the last checked one now.
   */
  *end(endNow: ChainEnd, count: number): Generator<AuditProblem> {
    const { end, exportedHead } = this.expected;
    const { sequence } = this.last;
    // Fewer are normal: the retention may have deleted some.
    if (count > this.checked) {
      const message = `The trail has ${count} entries up to entry ${sequence}, but only ${this.checked} were checked. The others were inserted during the check.`;
      yield { sequence, code: 'not_checked', message };
    }
    const known = Math.max(end.sequence, exportedHead?.sequence ?? 0);
    if (known > sequence) {
      const isAboutHead = end.sequence <= sequence;
      const reason = isAboutHead ? `the given head is entry ${known}` : `there was an entry ${known}`;
      yield {
        sequence: sequence + 1,
        code: 'tail_cut',
        message: `The trail ends with entry ${sequence}, but ${reason}.`,
        ...(isAboutHead && { isAboutHead }),
      };
    } else if (end.mac !== this.macAtEnd || !this.isEnd(endNow)) {
      const message = `The recorded end of the trail does not match its last entry, ${sequence}.`;
      yield { sequence, code: 'head_changed', message };
    } else if (endNow.latestTime < this.latestTime || endNow.clockSetback < this.clockSetback) {
      const message =
        'The recorded times of the trail do not match its entries. A search by time may not find all entries.';
      yield { sequence, code: 'head_changed', message };
    }
  }

  private isEnd({ sequence, mac, keyId }: ChainEnd): boolean {
    const { last } = this;
    const isSame = mac === last.mac && (this.keyId === undefined || keyId === this.keyId);
    return sequence > last.sequence || (sequence === last.sequence && isSame);
  }

  private *checkPlace(event: AuditEvent): Generator<AuditProblem> {
    const { sequence, mac } = this.last;
    if (!this.isGapBefore(event)) {
      const follows = event.sequence === sequence + 1 && event.previousMac === mac;
      if (!follows) {
        yield problem(event, 'out_of_place', `does not follow entry ${sequence}: it was moved or inserted.`);
      }
      return;
    }
    const { checkpoint } = this;
    const missing = event.sequence - 1;
    if (!checkpoint || checkpoint.sequence < missing) {
      const first = sequence + 1;
      const message =
        first === missing ? `Entry ${first} is missing.` : `Entries ${first} to ${missing} are missing.`;
      yield { sequence: first, code: 'missing', message };
      this.nextKeyId = undefined;
    } else if (checkpoint.sequence === missing) {
      this.nextKeyId = checkpoint.keyId;
      if (event.previousMac !== checkpoint.mac) {
        yield problem(
          event,
          'out_of_place',
          'does not follow the entries that were deleted after the retention period.',
        );
      }
    } else {
      // The trim was interrupted. The key is known again after the checkpoint.
      this.nextKeyId = undefined;
    }
  }

  private *checkSeal(event: AuditEvent): Generator<AuditProblem, boolean> {
    const key = this.expected.findKey(event.keyId);
    if (!key) {
      // Report each key once: it may have sealed a million entries.
      if (this.unknownKeyId !== event.keyId) {
        this.unknownKeyId = event.keyId;
        yield problem(
          event,
          'key_unknown',
          `and perhaps later ones are sealed with key ${event.keyId}, which the server does not have. Pass the key with --key-file to check them.`,
        );
      }
      return true;
    }
    this.unknownKeyId = undefined;
    if (key.seal(sealedText(event)) !== event.mac) {
      yield problem(event, 'changed', 'was changed: its seal does not match its content.');
      return false;
    }
    return true;
  }

  private *checkKey(event: AuditEvent): Generator<AuditProblem> {
    if (this.keyId !== undefined && this.keyId !== event.keyId) {
      yield problem(
        event,
        'key_not_handed_over',
        `is sealed with key ${event.keyId}, but no entry hands over to it from key ${this.keyId}.`,
      );
    }
  }
}

function problem({ id, sequence }: AuditEvent, code: AuditProblemCode, message: string): AuditProblem {
  return { sequence, id, code, message: `Entry ${sequence} ${message}` };
}
