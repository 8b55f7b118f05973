import { Injectable } from '@nestjs/common';
import { type EventDto } from '@latchkey/auth-models';
import { Clock } from '../common/clock.service.js';
import { type EventTarget } from './event-target.entity.js';
import { eventMessage } from './event-messages.js';
import { TargetSecrets } from './target-secrets.service.js';
import { WebhookRequests, type WebhookOutcome } from './webhooks/webhook-requests.service.js';
import { signWebhook } from './webhooks/webhook-signature.js';
import { Config } from '../platform/config/config.js';

/** Sends events to targets, once. */
@Injectable()
export class EventAttempts {
  constructor(
    private readonly requests: WebhookRequests,
    private readonly secrets: TargetSecrets,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** Sends an event. Never rejects: the outcome has the error. */
  async send(event: EventDto, target: EventTarget, signal?: AbortSignal): Promise<WebhookOutcome> {
    const format = target.format ?? 'standard';
    const body = JSON.stringify(eventMessage(event, format, this.config.publicUrl));
    const now = this.clock.now();
    const secrets = format === 'standard' ? this.secrets.of(target, now) : [];
    if (format === 'standard' && secrets.length === 0) {
      return { error: 'The secret of the target cannot be decrypted. Rotate it.', milliseconds: 0 };
    }
    const headers = format === 'standard' ? signWebhook({ id: event.id, now, body, secrets }) : {};
    return this.requests.post(target.url ?? '', headers, body, signal);
  }
}
