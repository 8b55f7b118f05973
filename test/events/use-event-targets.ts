import { afterAll, afterEach, beforeAll, expect, jest } from '@jest/globals';
import { type CreateEventTargetDto, type EventDeliveryDto, type EventTargetDto } from '@latchkey/auth-models';
import { Clock } from '../../apps/api/src/common/clock.service.js';
import { EventSender } from '../../apps/api/src/events/sender/event-sender.service.js';
import { type Headers } from '../support/api-client.js';
import { newRole, newUser } from '../support/factories.js';
import { type RunningServer } from '../support/use-server.js';
import { WebhookReceiver } from '../support/webhook-receiver.js';

/**
 * Starts a receiver of webhooks before the tests of a file, and creates targets and tokens. Removes the
 * targets and restores all mocks after each test.
 */
export function useEventTargets(server: RunningServer, asAdmin: Headers) {
  let running: WebhookReceiver;

  const remove = async ({ name }: EventTargetDto): Promise<void> => {
    await server.client.request('DELETE', `/event-targets/${name}`, { headers: asAdmin });
  };

  beforeAll(async () => {
    running = await WebhookReceiver.start();
  });

  afterEach(async () => {
    const { body } = await server.client.request<{ items: EventTargetDto[] }>(
      'GET',
      '/event-targets?size=100',
      { headers: asAdmin },
    );
    await Promise.all(body.items.filter(({ name }) => name !== 'owners').map(remove));
    running.requests.length = 0;
    running.status = 204;
    jest.restoreAllMocks();
  });

  afterAll(() => running.close());

  return {
    receiver: {
      get requests() {
        return running.requests;
      },
      get events() {
        return running.events;
      },
      get url() {
        return running.url;
      },
      set status(status: WebhookReceiver['status']) {
        running.status = status;
      },
    },

    /** Waits until the sender has sent all events. */
    settle: () => server.app.get(EventSender, { strict: false }).settle(),

    /** Creates a target, by default a webhook to the receiver for created and revoked tokens. */
    newTarget: async (members: Partial<CreateEventTargetDto> = {}): Promise<EventTargetDto> => {
      const body = {
        name: newRole().name,
        kind: 'webhook',
        url: running.url,
        types: ['token.created', 'token.revoked'],
        ...members,
      };
      const { status, body: target } = await server.client.request<EventTargetDto>('POST', '/event-targets', {
        headers: asAdmin,
        body,
      });
      expect(status).toBe(201);
      return target;
    },

    remove,

    /** Creates a token of a new user. */
    newToken: async (note = 'deploy') => {
      const { name } = newUser();
      await server.client.createUser({ name }, asAdmin);
      const { body } = await server.client.request<{ id: string; tokenPreview: string }>(
        'POST',
        `/users/${name}/tokens`,
        { headers: asAdmin, body: { note, expiresIn: 3_600 } },
      );
      return { ...body, user: name };
    },

    deliveriesTo: async ({ name }: EventTargetDto): Promise<EventDeliveryDto[]> => {
      const path = `/event-targets/${name}/deliveries`;
      const { body } = await server.client.request<{ items: EventDeliveryDto[] }>('GET', path, {
        headers: asAdmin,
      });
      return body.items;
    },

    failingTargets: async (): Promise<string[]> => {
      const path = '/event-targets?failing=true';
      const { body } = await server.client.request<{ items: EventTargetDto[] }>('GET', path, {
        headers: asAdmin,
      });
      return body.items.map(({ name }) => name);
    },

    /** Moves the clock of the server. */
    wait: (milliseconds: number): void => {
      const now = server.app.get(Clock, { strict: false }).now();
      jest.spyOn(Clock.prototype, 'now').mockReturnValue(now + milliseconds);
    },

    revoke: (id: string) => server.client.request('DELETE', `/tokens/${id}`, { headers: asAdmin }),
  };
}
