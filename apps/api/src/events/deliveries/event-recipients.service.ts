import { Injectable } from '@nestjs/common';
import { type EventDto, type EventUserDto } from '@latchkey/auth-models';
import { Mailer } from '../../platform/mail/mailer.service.js';
import { apisIn } from '../../permissions/scope.js';
import { TokenReader } from '../../tokens/access/token-reader.service.js';
import { UserMail } from '../../users/mail/user-mail.service.js';
import { UsersService } from '../../users/users.service.js';
import { type EventTarget } from '../targets/event-target.entity.js';
import { eventForTarget, eventForUsers } from '../event.mapper.js';

/** Receiver of an event at a target. */
interface Recipient {
  /** E-mail address; empty for a webhook. */
  readonly address: string;
  /** Users whose part of the event the recipient gets; absent = it gets the whole event. */
  readonly users?: readonly EventUserDto[];
}

/** Finds the addresses that receive an event. */
@Injectable()
export class EventRecipients {
  constructor(
    private readonly users: UsersService,
    private readonly tokens: TokenReader,
    private readonly mailer: Mailer,
    private readonly mail: UserMail,
  ) {}

  /** Whether the server can send to a target at all. */
  canReach({ kind }: EventTarget): boolean {
    return kind === 'webhook' || this.mailer.isConfigured;
  }

  /**
   * Returns the part of an event that a recipient gets, or `undefined` if the address is no longer one: the
   * target or the address of an owner may have changed since the delivery was queued.
   */
  async partFor(event: EventDto, target: EventTarget, address: string): Promise<EventDto | undefined> {
    const recipient = (await this.of(event, target)).find((one) => one.address === address);
    return recipient?.users ? eventForUsers(event, recipient.users) : recipient && event;
  }

  /** Returns the recipients of an event at a target. */
  async of(event: EventDto, target: EventTarget): Promise<readonly Recipient[]> {
    const { kind, addresses, toOwners, userId } = target;
    if (kind === 'webhook') {
      return [{ address: '' }];
    }
    const { data } = eventForTarget(event, userId);
    const fixed = addresses.split(',').filter((address) => address !== '');
    const owners = toOwners ? await this.addressesOf(data.users ?? []) : [];
    return [
      ...fixed.map((address) => ({ address })),
      ...owners.filter(({ address }) => !fixed.includes(address)),
    ];
  }

  /** Returns the APIs of the tokens that an event is about. */
  async apisOf({ data: { tokens = [] } }: EventDto): Promise<ReadonlySet<string>> {
    const found = await this.tokens.find(tokens.map(({ id }) => id));
    return new Set([...found.values()].flatMap(({ scope }) => apisIn(scope)));
  }

  private async addressesOf(users: readonly EventUserDto[]): Promise<Recipient[]> {
    const rows = users.length === 0 ? [] : await this.users.findByIds(users.map(({ id }) => id));
    const byAddress = new Map<string, EventUserDto[]>();
    const addresses = await this.mail.addressesOf(rows);
    for (const { id, name } of rows) {
      const address = addresses.get(id);
      if (address !== undefined) {
        byAddress.set(address, [...(byAddress.get(address) ?? []), { id, name }]);
      }
    }
    return [...byAddress].map(([address, own]) => ({ address, users: own }));
  }
}
