import { Injectable } from '@nestjs/common';
import { ApplicationError } from '../../common/application-error.js';
import { readInParts } from '../../common/read-in-parts.js';
import { type AuditEvent } from '../trail/audit-event.entity.js';
import { AuditKeys } from '../keys/audit-keys.js';
import { AuditTrailRepository } from '../trail/audit-trail.repository.js';
import { ChainCheck, type AuditProblem } from './chain-check.js';
import { formatHead, parseHead, type ChainHead } from './chain-head.js';
import { sealedText } from '../trail/sealed-text.js';
import { SealingKey } from '../keys/sealing-key.js';
import { trailKeyFinding } from '../keys/trail-key.js';
import { checkpointOf, type TrimCheckpoint } from './trim-checkpoint.js';

/** Problems after which the rest of the trail is not worth reading. */
const PROBLEMS_MAX = 20;

/** What the verification needs beside the database and the data folder. */
export interface AuditVerificationOptions {
  /** A head that was exported earlier, `sequence:mac`: the trail must still have that entry. */
  head?: string;
  /** Keys that the trail was sealed with before, 32 bytes in base64 each. */
  keys?: readonly string[];
}

/** What the verification found. */
export interface AuditVerdict {
  /** Entries that were looked at. */
  readonly entries: number;
  /** What is wrong, first place first, at most 20; none = the trail is whole. */
  readonly problems: readonly AuditProblem[];
  /** What is to be known beside that, and nothing wrong. */
  readonly note?: string;
  /** The newest entry, `sequence:mac`, to keep elsewhere for the next verification. */
  readonly head: string;
}

type FindKey = (id: string) => SealingKey | undefined;

/** Reads the whole trail, and says whether anybody tampered with it. */
@Injectable()
export class AuditVerification {
  constructor(
    private readonly trail: AuditTrailRepository,
    private readonly keys: AuditKeys,
  ) {}

  /**
   * Verifies the trail while it may be in use. Memory stays flat.
   *
   * @param report is told, now and then, how many entries of how many have been looked at.
   * @throws ApplicationError `validation_failed` if the head or a key that is given is none.
   */
  async verify(
    options: AuditVerificationOptions = {},
    report: (done: number, total: number) => void = () => undefined,
  ): Promise<AuditVerdict> {
    const findKey = this.keyFinder(options.keys ?? []);
    const exportedHead = readHead(options.head);
    const check = new ChainCheck({ end: await this.trail.chain(), exportedHead, findKey });
    const total = await this.trail.count();
    const problems: AuditProblem[] = [];
    let entries = 0;
    for await (const events of readInParts((after: AuditEvent | undefined, limit) =>
      problems.length < PROBLEMS_MAX ? this.trail.findFrom(after, limit) : Promise.resolve([]),
    )) {
      for (const event of events) {
        if (check.isGapBefore(event)) {
          check.checkpoint = await this.checkpoint(findKey);
        }
        problems.push(...check.next(event));
      }
      entries += events.length;
      report(entries, Math.max(entries, total));
    }
    const finding = trailKeyFinding(check.keyId, this.keys);
    if (problems.length < PROBLEMS_MAX) {
      problems.push(...check.end(await this.trail.chain()));
      if (finding?.isProblem) {
        const { sequence } = check.head;
        problems.push({ sequence, code: 'key_not_configured', message: finding.message });
      }
    }
    return {
      entries,
      problems: problems.slice(0, PROBLEMS_MAX),
      ...(finding && !finding.isProblem && { note: finding.message }),
      head: formatHead(check.head),
    };
  }

  /** The newest checkpoint, if it is genuine. */
  private async checkpoint(findKey: FindKey): Promise<TrimCheckpoint | undefined> {
    const event = await this.trail.newestCheckpoint();
    const isGenuine = event && findKey(event.keyId)?.seal(sealedText(event)) === event.mac;
    return isGenuine ? checkpointOf(event) : undefined;
  }

  /** Finds keys among those given, known and in the data folder; each only once. */
  private keyFinder(texts: readonly string[]): FindKey {
    const found = new Map<string, SealingKey | undefined>();
    for (const text of texts) {
      const key = SealingKey.parse(text);
      if (!key) {
        throw new ApplicationError('validation_failed', { detail: 'A key is 32 bytes in base64.' });
      }
      found.set(key.id, key);
    }
    return (id) => {
      if (!found.has(id)) {
        found.set(id, this.keys.find(id));
      }
      return found.get(id);
    };
  }
}

function readHead(text: string | undefined): ChainHead | undefined {
  const head = text === undefined ? undefined : parseHead(text);
  if (text !== undefined && !head) {
    throw new ApplicationError('validation_failed', {
      detail: 'A head is sequence:mac, as an earlier verification told it.',
    });
  }
  return head;
}
