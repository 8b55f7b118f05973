import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type Repository } from 'typeorm';
import { Database } from '../../platform/database/database.js';
import { Writes, type WriteTransaction } from '../../platform/database/writes.service.js';
import { Replicas } from '../../platform/replicas/replicas.service.js';
import { EventSenderLease, SENDER_ID } from './sender-lease.entity.js';

/** Interval at which the sender renews its lease. */
const RENEWAL_MILLISECONDS = 4_000;

/** Time without a renewal after which another process takes over, by its own clock. */
const TAKEOVER_MILLISECONDS = 12_000;

/**
 * Lease that makes one process the sender of events. It does not compare clocks: other processes observe
 * whether the row changes.
 */
@Injectable()
export class SenderLease {
  private isHeld = false;
  private renewedAt = -Infinity;
  /** State of the lease of another holder, and the time since which it has not changed. */
  private observed: { holder: string; beat: number; since: number } | undefined;
  private position = 0;
  /** Position in the row, unless a transaction failed. */
  private stored = 0;

  constructor(
    @InjectRepository(EventSenderLease) private readonly rows: Repository<EventSenderLease>,
    private readonly writes: Writes,
    private readonly database: Database,
    private readonly replicas: Replicas,
  ) {}

  /** Sequence number of the last entry whose deliveries exist, as far as this process knows. */
  get sequence(): number {
    return this.position;
  }

  /** Whether this process was the sender when it last checked. */
  get holds(): boolean {
    return this.isHeld;
  }

  /** Notes that the entries up to a number need no deliveries. It is stored with the next renewal. */
  skipTo(sequence: number): void {
    this.position = sequence;
  }

  /** Whether this process is the sender now. Renews or takes over the lease if it is due. */
  async hold(): Promise<boolean> {
    const now = performance.now();
    const isUnchanged = this.isAlone && this.position === this.stored;
    if (this.isHeld && (isUnchanged || now - this.renewedAt < RENEWAL_MILLISECONDS)) {
      return true;
    }
    if (this.isHeld) {
      this.isHeld = await this.writes.transaction((tx) => this.store(this.position, tx), 'none');
    } else {
      this.isHeld = await this.takeOver(now);
    }
    this.renewedAt = now;
    return this.isHeld;
  }

  /**
   * Stores the position in the transaction that inserts deliveries.
   *
   * @returns whether this process is still the sender. If not, the transaction must be rolled back.
   */
  async advance(sequence: number, tx: WriteTransaction): Promise<boolean> {
    return this.store(sequence, tx);
  }

  /** Gives the lease to another process. */
  async release(): Promise<void> {
    if (this.isHeld) {
      this.isHeld = false;
      const { id: holder } = this.replicas;
      await this.writes.transaction(async (tx) => {
        await tx.update(
          EventSenderLease,
          { id: SENDER_ID, holder },
          { holder: '', sequence: this.position, beat: () => '"beat" + 1' },
        );
      }, 'none');
    }
  }

  /** Whether no other process can use the database. */
  private get isAlone(): boolean {
    return this.database.hasOneWriter;
  }

  private async takeOver(now: number): Promise<boolean> {
    const { holder, beat, sequence } = await this.rows.findOneByOrFail({ id: SENDER_ID });
    const isSame = this.observed?.holder === holder && this.observed.beat === beat;
    const since = isSame ? (this.observed?.since ?? now) : now;
    this.observed = { holder, beat, since };
    if (holder !== '' && !this.isAlone && now - since < TAKEOVER_MILLISECONDS) {
      return false;
    }
    const taken = await this.writes.transaction(async (tx) => {
      const { affected } = await tx.update(
        EventSenderLease,
        { id: SENDER_ID, holder, beat },
        { holder: this.replicas.id, beat: beat + 1 },
      );
      return affected === 1;
    }, 'none');
    if (taken) {
      this.position = sequence;
      this.stored = sequence;
    }
    return taken;
  }

  private async store(sequence: number, tx: WriteTransaction): Promise<boolean> {
    const { affected } = await tx.update(
      EventSenderLease,
      { id: SENDER_ID, holder: this.replicas.id },
      { sequence, beat: () => '"beat" + 1' },
    );
    this.isHeld = affected === 1;
    this.stored = sequence;
    return this.isHeld;
  }
}
