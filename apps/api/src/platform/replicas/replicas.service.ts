import { randomUUID } from 'node:crypto';
import { type Server } from 'node:http';
import { type AddressInfo, isIPv6 } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import pLimit, { type LimitFunction } from 'p-limit';
import { ApplicationError } from '../../common/application-error.js';
import { Clock, type EpochMilliseconds } from '../../common/clock.service.js';
import { VERSION } from '../../common/version.js';
import { LOGGER, logFailure, type Logger } from '../logging/logger.js';
import {
  CONTENT_MAX_LENGTH,
  NAME_MAX_LENGTH,
  parseReplicaMessage,
  type Replica,
  type ReplicaMessage,
} from './replica-message.js';
import { RevocationListener } from './revocation-listener.service.js';

/** Interval at which each replica reports its presence. */
const PRESENCE_MILLISECONDS = 3_000;

/** Time after which a replica that has not reported is no longer listed. */
const ABSENT_MILLISECONDS = 3 * PRESENCE_MILLISECONDS;

/** Maximum number of replicas that are kept. Every client of the database can send messages. */
const REPLICAS_MAX = 1_000;

/** Time within which other replicas must answer. */
const ANSWER_MILLISECONDS = 1_000;

/** Maximum number of questions of this replica that wait for answers. */
const QUESTIONS_MAX = 32;

/** Maximum number of questions of one user that wait for their turn. */
const WAITING_MAX = 20;

/** Maximum number of answers to a question. */
const ANSWERS_MAX = 1_000;

/**
 * The replicas on the database, and messages between them. Each replica reports its presence every few
 * seconds.
 */
@Injectable()
export class Replicas implements OnApplicationBootstrap, BeforeApplicationShutdown {
  /** Id of this process. */
  readonly id = randomUUID();
  private readonly startTime: EpochMilliseconds;
  private readonly others = new Map<string, { replica: Replica; seen: number }>();
  private verifiers: () => number = () => 0;
  private presence: NodeJS.Timeout | undefined;
  private answerTo: (question: string) => readonly string[] = () => [];
  /** Turns of the users who ask, by id. */
  private readonly turns = new Map<string, LimitFunction>();
  /** Questions that wait for answers. */
  private readonly questions = new Map<string, (message: ReplicaMessage & { kind: 'answer' }) => void>();

  constructor(
    private readonly revocations: RevocationListener,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly http: HttpAdapterHost,
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
      address: this.address,
      startTime: this.startTime,
      lag: this.revocations.roundTripMilliseconds,
      verifiers: this.verifiers(),
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

  /** Sets the function that returns the number of verifiers connected to this process. */
  setVerifiers(verifiers: () => number): void {
    this.verifiers = verifiers;
  }

  /** Sets the function that returns the answers of this replica to the questions of others. */
  setAnswers(answerTo: (question: string) => readonly string[]): void {
    this.answerTo = answerTo;
  }

  /**
   * Asks the other replicas and returns their answers. Replicas that do not answer in time are left out.
   *
   * @param asker id of the user, whose questions wait for each other, so that no user delays those of others.
   * @throws ApplicationError `overloaded` if too many questions wait.
   */
  async ask(asker: string, text: string): Promise<string[]> {
    const turn = this.turns.get(asker) ?? pLimit(1);
    if (turn.pendingCount >= WAITING_MAX) {
      throw new ApplicationError('overloaded', { retryAfterSeconds: 1 });
    }
    this.turns.set(asker, turn);
    try {
      return await turn(() => this.askNow(text));
    } finally {
      if (turn.activeCount + turn.pendingCount === 0) {
        this.turns.delete(asker);
      }
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

  /**
   * Sends a message to all replicas. A failure is only logged.
   *
   * @returns whether it was sent.
   */
  private async send(message: ReplicaMessage): Promise<boolean> {
    try {
      await this.revocations.send(JSON.stringify(message));
      return true;
    } catch (err) {
      logFailure(
        this.logger,
        { err, kind: message.kind },
        'A message to the other replicas could not be sent',
      );
      return false;
    }
  }

  private async askNow(text: string): Promise<string[]> {
    const silent = new Set(this.list().map(({ id }) => id));
    silent.delete(this.id);
    // A command does not know the replicas.
    const isCommand = this.revocations.hasReplicas && this.presence === undefined;
    if (silent.size === 0 && !isCommand) {
      return [];
    }
    if (this.questions.size >= QUESTIONS_MAX) {
      throw new ApplicationError('overloaded', { retryAfterSeconds: 1 });
    }
    await this.revocations.listen();
    const question = randomUUID();
    const answers: string[] = [];
    const received = new Map<string, number>();
    const answered = new Promise<void>((resolve) => {
      this.questions.set(question, ({ id, text: answer, parts }) => {
        if (answer !== '' && answers.length < ANSWERS_MAX) {
          answers.push(answer);
        }
        received.set(id, (received.get(id) ?? 0) + 1);
        if (received.get(id) === parts) {
          silent.delete(id);
        }
        if (silent.size === 0 && !isCommand) {
          resolve();
        }
      });
    });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ANSWER_MILLISECONDS);
    });
    try {
      if (await this.send({ kind: 'question', question, text })) {
        await Promise.race([answered, late]);
      }
    } finally {
      clearTimeout(timer);
      this.questions.delete(question);
    }
    return answers;
  }

  private get address(): string | null {
    const server = this.http.httpAdapter?.getHttpServer() as Server | undefined;
    const bound = server?.address();
    return typeof bound === 'object' && bound !== null ? `${reachable(bound)}:${bound.port}` : null;
  }

  private statePresence(): void {
    void this.send({ kind: 'present', ...this.own });
  }

  private receive(text: string): void {
    const message = parseReplicaMessage(text);
    if (!message) {
      return;
    }
    if (message.kind === 'present' && message.id !== this.id) {
      this.see(message);
    } else if (message.kind === 'leaving') {
      this.others.delete(message.id);
    } else if (message.kind === 'question') {
      this.answer(message);
    } else if (message.kind === 'answer') {
      this.questions.get(message.question)?.(message);
    }
  }

  private answer({ question, text: asked }: ReplicaMessage & { kind: 'question' }): void {
    if (this.questions.has(question)) {
      // Its own question.
      return;
    }
    const answers = this.answerTo(asked).filter((answer) => answer.length <= CONTENT_MAX_LENGTH);
    const parts = Math.max(answers.length, 1);
    for (const text of answers.length > 0 ? answers : ['']) {
      void this.send({ kind: 'answer', question, id: this.id, text, parts });
    }
  }

  private see({ kind: _, ...replica }: ReplicaMessage & { kind: 'present' }): void {
    const isNew = !this.others.has(replica.id);
    if (isNew && this.list().length >= REPLICAS_MAX) {
      return;
    }
    this.others.set(replica.id, { replica, seen: performance.now() });
    if (isNew) {
      // Announces this replica to the new one immediately.
      this.statePresence();
    }
  }
}

/** Returns the address of a server. If it listens on all addresses, returns the first one of the machine. */
function reachable({ address }: AddressInfo): string {
  const external = Object.values(networkInterfaces()).flatMap((entries = []) =>
    entries.filter(({ internal }) => !internal),
  );
  const first = external.find(({ family }) => family === 'IPv4') ?? external[0];
  const shown = ['0.0.0.0', '::'].includes(address) ? (first?.address ?? address) : address;
  return isIPv6(shown) ? `[${shown}]` : shown;
}
