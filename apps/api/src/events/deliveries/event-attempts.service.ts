import { Injectable } from '@nestjs/common';
import { type EventDto } from '@latchkey/auth-models';
import { Clock } from '../../common/clock.service.js';
import { Config } from '../../platform/config/config.js';
import { eventLetter } from '../../platform/mail/event-letter.js';
import { Mailer, MailError } from '../../platform/mail/mailer.service.js';
import { type EventTarget } from '../targets/event-target.entity.js';
import { eventMessage } from './event-messages.js';
import { eventForTarget } from '../event.mapper.js';
import { TargetSecrets } from '../targets/target-secrets.service.js';
import { WebhookRequests, type WebhookOutcome } from '../webhooks/webhook-requests.service.js';
import { signWebhook } from '../webhooks/webhook-signature.js';

/** Outcome of an attempt. */
export interface AttemptOutcome extends WebhookOutcome {
  /** Whether another attempt would fail too. */
  readonly isFinal?: boolean;
}

/** Makes single attempts to send events to targets. */
@Injectable()
export class EventAttempts {
  constructor(
    private readonly requests: WebhookRequests,
    private readonly secrets: TargetSecrets,
    private readonly mailer: Mailer,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** Sends an event to a webhook. Never rejects: the outcome has the error. */
  async post(event: EventDto, target: EventTarget, signal?: AbortSignal): Promise<AttemptOutcome> {
    const format = target.format ?? 'standard';
    const body = JSON.stringify(
      eventMessage(eventForTarget(event, target.userId), format, this.config.publicUrl),
    );
    const now = this.clock.now();
    const secrets = format === 'standard' ? this.secrets.of(target, now) : [];
    if (format === 'standard' && secrets.length === 0) {
      return { error: 'The secret of the target cannot be decrypted. Rotate it.', milliseconds: 0 };
    }
    const headers = format === 'standard' ? signWebhook({ id: event.id, now, body, secrets }) : {};
    return this.requests.post(target.url ?? '', headers, body, signal);
  }

  /** Sends one message about events. The outcome has the error of the mail server. */
  async mail(
    events: readonly [EventDto, ...EventDto[]],
    { name, language, userId }: EventTarget,
    recipient: string,
  ): Promise<AttemptOutcome> {
    const { publicUrl } = this.config;
    const start = performance.now();
    const [first] = events;
    const parts = events.map((event) => eventForTarget(event, userId));
    const outcome = () => ({ milliseconds: Math.round(performance.now() - start) });
    try {
      await this.mailer.send({
        ...eventLetter(parts, { publicUrl, language: language ?? 'en' }),
        to: [recipient],
        // The same in each attempt, so that mail programs recognize duplicates.
        messageId: `${first.id}.${name}@${new URL(publicUrl).hostname}`,
      });
      return outcome();
    } catch (error) {
      if (error instanceof MailError) {
        return { error: error.message, isFinal: error.isPermanent, ...outcome() };
      }
      throw error;
    }
  }
}
