import { type AuditChain } from '../trail/audit-chain.entity.js';
import { type AuditEvent } from '../trail/audit-event.entity.js';
import { type ChainHead } from './chain-head.js';
import { handedOverTo } from '../keys/hand-over.js';
import { sealedText } from '../trail/sealed-text.js';
import { type SealingKey } from '../keys/sealing-key.js';
import { type TrimCheckpoint } from './trim-checkpoint.js';

/** What is wrong with the trail at one place. */
export interface AuditProblem {
  /** Number of the entry, or of the first one that is missing. */
  readonly sequence: number;
  /** Id of the entry, if it is there. */
  readonly id?: string;
  readonly code: AuditProblemCode;
  /** What is wrong, in a sentence. */
  readonly message: string;
}

/** The ways in which a trail can be wrong. */
export type AuditProblemCode =
  | 'changed'
  | 'missing'
  | 'out_of_place'
  | 'key_unknown'
  | 'key_not_handed_over'
  | 'key_not_configured'
  | 'tail_cut'
  | 'head_changed'
  | 'head_differs';

/** What a trail is held against beside its own seals. */
export interface ChainExpectation {
  /** The row that names the end of the chain, as it was when the check began. */
  readonly end: ChainEnd;
  /** An entry that is known from elsewhere. */
  readonly exportedHead: ChainHead | undefined;
  readonly findKey: (id: string) => SealingKey | undefined;
}

/** The row that names the end of the chain. */
export type ChainEnd = Pick<AuditChain, 'sequence' | 'mac' | 'keyId'>;

/** Follows the chain entry by entry, in order, and says what is wrong with it. */
export class ChainCheck {
  /** What was dropped for its age; entries up to there may be missing. */
  checkpoint: TrimCheckpoint | undefined;
  private last: ChainHead = { sequence: 0, mac: '' };
  private nextKeyId: string | undefined;
  private unknownKeyId: string | undefined;
  /** Seal of the entry that was the last one when the check began. */
  private macAtEnd = '';

  constructor(private readonly expected: ChainExpectation) {}

  /** The newest entry so far. */
  get head(): ChainHead {
    return this.last;
  }

  /** Id of the key that seals the next entry, as far as it is known. */
  get keyId(): string | undefined {
    return this.nextKeyId;
  }

  /** Whether entries are missing between the last one and this one. */
  isGapBefore(event: AuditEvent): boolean {
    return event.sequence > this.last.sequence + 1;
  }

  /** Checks the next entry. */
  *next(event: AuditEvent): Generator<AuditProblem> {
    yield* this.checkPlace(event);
    const isGenuine = yield* this.checkSeal(event);
    if (isGenuine) {
      yield* this.checkKey(event);
      this.nextKeyId = handedOverTo(event) ?? event.keyId;
    }
    const { end, exportedHead } = this.expected;
    if (exportedHead?.sequence === event.sequence && exportedHead.mac !== event.mac) {
      yield problem(event, 'head_differs', 'is not the one that the exported head names.');
    }
    this.macAtEnd = end.sequence === event.sequence ? event.mac : this.macAtEnd;
    this.last = { sequence: event.sequence, mac: event.mac };
  }

  /**
   * Checks, after the last entry, that it is the last that there was.
   *
   * @param endNow the row that names the end of the chain, as it is now: entries are added meanwhile.
   */
  *end(endNow: ChainEnd): Generator<AuditProblem> {
    const { end, exportedHead } = this.expected;
    const { sequence } = this.last;
    const known = Math.max(end.sequence, exportedHead?.sequence ?? 0);
    if (known > sequence) {
      const message = `The trail ends with entry ${sequence}, and there was an entry ${known}.`;
      yield { sequence: sequence + 1, code: 'tail_cut', message };
    } else if (end.mac !== this.macAtEnd || !this.isEnd(endNow)) {
      const message = `The row that names the end of the trail does not fit entry ${sequence}, the last one.`;
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
        yield problem(event, 'out_of_place', `does not follow entry ${sequence}: it was swapped or put in.`);
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
        yield problem(event, 'out_of_place', 'does not follow what was dropped for its age.');
      }
    } else {
      // The rest of what is to be dropped; the key is known again at its end.
      this.nextKeyId = undefined;
    }
  }

  private *checkSeal(event: AuditEvent): Generator<AuditProblem, boolean> {
    const key = this.expected.findKey(event.keyId);
    if (!key) {
      // A trail may have a million entries with it.
      if (this.unknownKeyId !== event.keyId) {
        this.unknownKeyId = event.keyId;
        yield problem(
          event,
          'key_unknown',
          `and maybe others after it are sealed with key ${event.keyId}, which is not here: give it to check them.`,
        );
      }
      return true;
    }
    this.unknownKeyId = undefined;
    if (key.seal(sealedText(event)) !== event.mac) {
      yield problem(event, 'changed', 'has been changed: its seal does not fit what it says.');
      return false;
    }
    return true;
  }

  private *checkKey(event: AuditEvent): Generator<AuditProblem> {
    if (this.keyId !== undefined && this.keyId !== event.keyId) {
      yield problem(
        event,
        'key_not_handed_over',
        `is sealed with key ${event.keyId}, and no entry hands over to it from key ${this.keyId}.`,
      );
    }
  }
}

function problem({ id, sequence }: AuditEvent, code: AuditProblemCode, message: string): AuditProblem {
  return { sequence, id, code, message: `Entry ${sequence} ${message}` };
}
