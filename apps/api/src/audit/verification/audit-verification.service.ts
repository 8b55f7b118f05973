import { Inject, Injectable } from '@nestjs/common';
import { type AuditVerificationDto } from '@latchkey/auth-models';
import { ApplicationError } from '../../common/application-error.js';
import { toRfc3339 } from '../../common/clock.service.js';
import { readInParts } from '../../common/in-parts.js';
import { type Principal } from '../../common/request/principal.js';
import { LOGGER, logFailure, type Logger } from '../../platform/logging/logger.js';
import { type AuditEvent } from '../trail/audit-event.entity.js';
import { AuditKeys } from '../keys/audit-keys.service.js';
import { AuditRepository } from '../trail/audit.repository.js';
import { AuditService, type AuditRecord } from '../trail/audit.service.js';
import { ChainCheck, type AuditProblem } from './chain-check.js';
import {
  type ChainHead,
  checkpointOf,
  formatHead,
  parseHead,
  sealedText,
  type TrimCheckpoint,
} from '../trail/audit-entry.js';
import { SealingKey } from '../keys/sealing-key.js';
import { trailKeyFinding } from '../keys/trail-key.js';

/** Number of problems after which verification stops. */
const PROBLEMS_MAX = 20;

/** Input of a verification, besides the database and the data folder. */
interface AuditVerificationOptions {
  /** Head from an earlier verification, `sequence:mac`. The trail must still have that entry. */
  head?: string;
  /** Earlier keys of the trail, 32 bytes in base64 each. */
  keys?: readonly string[];
}

/** Result of a verification. */
export interface AuditVerdict {
  /** Number of checked entries. */
  readonly entries: number;
  /** Up to 20 problems in the order of the trail; none = the trail is whole. */
  readonly problems: readonly AuditProblem[];
  /** Further information that is not a problem. */
  readonly note?: string;
  /** Newest entry, `sequence:mac`, to store elsewhere for the next verification. */
  readonly head: string;
}

type FindKey = (id: string) => SealingKey | undefined;

/**
 * Reads the whole trail and detects tampering. Results are recorded in the trail, so that all servers on the
 * database know the last one.
 */
@Injectable()
export class AuditVerification {
  constructor(
    private readonly trail: AuditRepository,
    private readonly keys: AuditKeys,
    private readonly audit: AuditService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Verifies the trail, even while it is in use, with constant memory.
   *
   * @param report receives the progress: the number of checked entries and the total.
   * @throws ApplicationError `validation_failed` if the head or a key is malformed.
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
      const count = await this.trail.count(check.head.sequence);
      problems.push(...check.end(await this.trail.chain(), count));
      if (finding?.isProblem) {
        const { sequence } = check.head;
        problems.push({
          sequence,
          code: 'key_not_configured',
          message: `${finding.message} ${finding.advice}`,
        });
      }
    }
    return {
      entries,
      problems: problems.slice(0, PROBLEMS_MAX),
      ...(finding && !finding.isProblem && { note: `${finding.message} ${finding.advice}` }),
      head: formatHead(check.head),
    };
  }

  /** Verifies the trail and records the result. A result that cannot be recorded is still returned. */
  async verifyAndRecord(
    actor: Principal,
    options: AuditVerificationOptions,
    report: (done: number, total: number) => void,
  ): Promise<AuditVerdict> {
    const verdict = await this.verify(options, report);
    const { entries, problems } = verdict;
    const record: AuditRecord = {
      action: 'audit_verified',
      outcome: problems.length === 0 ? 'success' : 'failure',
      actor,
      subject: { kind: 'audit', id: null, name: 'audit trail' },
      after: {
        entries,
        problems: problems.filter(({ isAboutHead }) => !isAboutHead).length,
        ...(problems.some(({ isAboutHead }) => isAboutHead) && { headDiffers: true }),
      },
    };
    try {
      await this.audit.recordEvent(record);
    } catch (err) {
      logFailure(this.logger, { err }, 'The verification of the audit trail could not be recorded');
    }
    return verdict;
  }

  /** Returns the last verification, or `undefined` if the trail has none with a valid seal. */
  async last(): Promise<AuditVerificationDto | undefined> {
    const event = await this.trail.newest('audit_verified');
    if (!event || !isGenuine(event, this.keyFinder([]))) {
      return undefined;
    }
    const after = JSON.parse(event.after ?? '{}') as Omit<AuditVerificationDto, 'time'>;
    const { entries, problems, headDiffers } = after;
    return { time: toRfc3339(event.time), entries, problems, ...(headDiffers && { headDiffers }) };
  }

  /** Returns the latest checkpoint if its seal is valid. */
  private async checkpoint(findKey: FindKey): Promise<TrimCheckpoint | undefined> {
    const event = await this.trail.newest('audit_trail_trimmed');
    return event && isGenuine(event, findKey) ? checkpointOf(event) : undefined;
  }

  /** Returns a function that finds keys among the given ones and the server's own. It caches the results. */
  private keyFinder(texts: readonly string[]): FindKey {
    const found = new Map<string, SealingKey | undefined>();
    for (const text of texts) {
      const key = SealingKey.parse(text);
      if (!key) {
        throw new ApplicationError('validation_failed', {
          detail: 'The key is malformed. Use 32 bytes in base64.',
        });
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

/** Whether the seal of an entry is valid. */
function isGenuine(event: AuditEvent, findKey: FindKey): boolean {
  return findKey(event.keyId)?.seal(sealedText(event)) === event.mac;
}

function readHead(text: string | undefined): ChainHead | undefined {
  const head = text === undefined ? undefined : parseHead(text);
  if (text !== undefined && !head) {
    throw new ApplicationError('validation_failed', {
      detail: 'The head is malformed. Use sequence:mac, as printed by an earlier verification.',
    });
  }
  return head;
}
