import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Clock, type EpochMilliseconds } from '../../common/clock.js';
import { VERSION } from '../../common/version.js';
import { LOGGER, type Logger } from '../logging/logger.js';
import { RevocationListener } from './revocation-listener.js';

/** Interval at which each replica states that it runs. */
const PRESENCE_MILLISECONDS = 3_000;

/** Time after which a replica that no longer states it does not count. */
const ABSENT_MILLISECONDS = 10_000;

/** Maximum number of replicas that are remembered, because every client of the database can send messages. */
const REPLICAS_MAX = 1_000;

const NAME_MAX_LENGTH = 100;
const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A server process on the database. */
export interface Replica {
  readonly id: string;
  /** Host name and process id. */
  readonly name: string;
  readonly version: string;
  readonly startTime: EpochMilliseconds;
  /** Milliseconds until it receives a notification; `null` on SQLite. */
  readonly lag: number | null;
  /** Number of verifiers connected to it. */
  readonly verifiers: number;
}

/** A message between replicas. */
export type ReplicaMessage =
  | ({ readonly kind: 'present' } & Replica)
  | { readonly kind: 'leaving'; readonly id: string }
  /** Requests that all replicas and verifiers acknowledge what was committed before. */
  | { readonly kind: 'sync'; readonly sync: string }
  /** States that a replica has received a sync, and to how many verifiers it has passed it on. */
  | { readonly kind: 'reached'; readonly sync: string; readonly id: string; readonly verifiers: number }
  /** States that a verifier has received a sync. */
  | { readonly kind: 'acknowledged'; readonly sync: string; readonly id: string };

/** The replicas on the database, and messages between them. Each one states every few seconds that it runs. */
@Injectable()
export class Replicas implements OnApplicationBootstrap, BeforeApplicationShutdown {
  /** Id of this process. */
  readonly id = randomUUID();
  private readonly startTime: EpochMilliseconds;
  private readonly others = new Map<string, { replica: Replica; seen: number }>();
  private readonly listeners: ((message: ReplicaMessage) => void)[] = [];
  private countVerifiers: () => number = () => 0;
  private presence: NodeJS.Timeout | undefined;

  constructor(
    private readonly revocations: RevocationListener,
    @Inject(LOGGER) private readonly logger: Logger,
    clock: Clock,
  ) {
    this.startTime = clock.now();
    revocations.onMessage((text) => this.receive(text));
  }

  /** This replica. */
  get own(): Replica {
    return {
      id: this.id,
      name: `${hostname()}:${process.pid}`.slice(0, NAME_MAX_LENGTH),
      version: VERSION,
      startTime: this.startTime,
      lag: this.revocations.roundTripMilliseconds,
      verifiers: this.countVerifiers(),
    };
  }

  /** Returns the replicas that run now, this one first. */
  list(): Replica[] {
    const now = performance.now();
    for (const [id, { seen }] of this.others) {
      if (now - seen > ABSENT_MILLISECONDS) {
        this.others.delete(id);
      }
    }
    return [this.own, ...[...this.others.values()].map(({ replica }) => replica)];
  }

  /** Sets the function that counts the verifiers of this process. */
  countVerifiersWith(count: () => number): void {
    this.countVerifiers = count;
  }

  /** Calls `listener` with each message, including those of this process. */
  subscribe(listener: (message: ReplicaMessage) => void): void {
    this.listeners.push(listener);
  }

  /** Sends a message to all replicas, after everything that was committed before. A failure is only logged. */
  async send(message: ReplicaMessage): Promise<void> {
    try {
      await this.revocations.send(JSON.stringify(message));
    } catch (err) {
      this.logger.warn({ err, kind: message.kind }, 'A message to the other replicas could not be sent');
    }
  }

  onApplicationBootstrap(): void {
    if (this.revocations.hasReplicas) {
      this.statePresence();
      this.presence = setInterval(() => this.statePresence(), PRESENCE_MILLISECONDS).unref();
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.presence);
    if (this.revocations.hasReplicas) {
      await this.send({ kind: 'leaving', id: this.id });
    }
  }

  private statePresence(): void {
    void this.send({ kind: 'present', ...this.own });
  }

  private receive(text: string): void {
    const message = parseMessage(text);
    if (!message) {
      return;
    }
    if (message.kind === 'present' && message.id !== this.id) {
      this.see(message);
    } else if (message.kind === 'leaving') {
      this.others.delete(message.id);
    }
    this.listeners.forEach((listener) => listener(message));
  }

  private see({ kind: _, ...replica }: ReplicaMessage & { kind: 'present' }): void {
    const isNew = !this.others.has(replica.id);
    if (isNew && this.list().length >= REPLICAS_MAX) {
      return;
    }
    this.others.set(replica.id, { replica, seen: performance.now() });
    if (isNew) {
      // So that a new replica knows the others immediately.
      this.statePresence();
    }
  }
}

/** Returns the message in a text; `undefined` if it is none. Every client of the database can send texts. */
function parseMessage(text: string): ReplicaMessage | undefined {
  let value: Partial<Record<string, unknown>>;
  try {
    value = (JSON.parse(text) ?? {}) as typeof value;
  } catch {
    return undefined;
  }
  const { kind, id, sync, verifiers, lag, name, version, startTime } = value;
  const isId = (given: unknown): given is string => typeof given === 'string' && ID.test(given);
  const isCount = (given: unknown): given is number => Number.isSafeInteger(given) && (given as number) >= 0;
  switch (kind) {
    case 'sync':
      return isId(sync) ? { kind, sync } : undefined;
    case 'reached':
      return isId(sync) && isId(id) && isCount(verifiers) ? { kind, sync, id, verifiers } : undefined;
    case 'acknowledged':
      return isId(sync) && isId(id) ? { kind, sync, id } : undefined;
    case 'leaving':
      return isId(id) ? { kind, id } : undefined;
    case 'present':
      return isId(id) && isCount(verifiers) && isCount(startTime)
        ? {
            kind,
            id,
            name: String(name).slice(0, NAME_MAX_LENGTH),
            version: String(version).slice(0, NAME_MAX_LENGTH),
            startTime,
            lag: typeof lag === 'number' ? lag : null,
            verifiers,
          }
        : undefined;
    default:
      return undefined;
  }
}
