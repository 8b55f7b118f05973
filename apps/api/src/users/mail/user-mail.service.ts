import { Injectable } from '@nestjs/common';
import { type MailLanguage } from '@latchkey/auth-models';
import { errorAt } from '../../common/application-error.js';
import { Config } from '../../platform/config/config.js';
import { type Edition } from '../../platform/mail/letters.js';
import { type MailContent, Mailer, MailError } from '../../platform/mail/mailer.service.js';
import { readResponsible, type User } from '../model/user.entity.js';
import { UsersRepository } from '../model/users.repository.js';

/** User with the columns that contain an address. */
type Addressee = Pick<User, 'id' | 'kind' | 'email' | 'responsible'>;

/** Outcome of a message with a link: the recipient, or the reason why the mail server did not accept it. */
export type SendResult = { readonly sentTo?: string; readonly sendError?: string };

/** Finds the e-mail addresses of users, and sends them links. */
@Injectable()
export class UserMail {
  constructor(
    private readonly users: UsersRepository,
    private readonly mailer: Mailer,
    private readonly config: Config,
  ) {}

  /**
   * Returns the addresses of users by id. For a service, this is the address of the responsible person, or
   * its own if there is none. Users without an address are absent.
   */
  async addressesOf(users: readonly Addressee[]): Promise<Map<string, string>> {
    const persons = users.map((user) => ({ user, person: personOf(user) }));
    const names = persons.flatMap(({ person }) => (person && 'name' in person ? [person.name] : []));
    const byName = names.length === 0 ? undefined : await this.users.findAddressesByNames(names);
    return new Map(
      persons.flatMap(({ user, person }) => {
        const address = person && ('address' in person ? person.address : byName?.get(person.name));
        return address === undefined ? [] : [[user.id, address]];
      }),
    );
  }

  /**
   * Returns the address to send a link to.
   *
   * @throws ApplicationError `validation_failed` if the server sends no e-mail, or there is no address.
   */
  async addressOf(user: Addressee): Promise<string> {
    if (!this.mailer.isConfigured) {
      throw errorAt('/send', 'mail_not_configured', 'this server sends no e-mail; see LATCHKEY_SMTP_URL');
    }
    const address = (await this.addressesOf([user])).get(user.id);
    if (address === undefined) {
      throw errorAt(
        '/send',
        'no_email_address',
        user.kind === 'service'
          ? 'the service has no e-mail address; set responsible to an address, or to a user with one'
          : 'the user has no e-mail address; set email',
      );
    }
    return address;
  }

  /** Sends a message. A failure is a result and not an error, because the link in it works. */
  async send<Details>(
    address: string,
    language: MailLanguage,
    write: (details: Details, edition: Edition) => MailContent,
    details: Details,
  ): Promise<SendResult> {
    const content = write(details, { publicUrl: this.config.publicUrl, language });
    try {
      await this.mailer.send({ to: [address], ...content });
      return { sentTo: address };
    } catch (error) {
      if (error instanceof MailError) {
        return { sendError: error.message };
      }
      throw error;
    }
  }
}

function personOf({
  kind,
  email,
  responsible,
}: Addressee): { address: string } | { name: string } | undefined {
  if (kind === 'service' && responsible !== null) {
    return readResponsible(responsible);
  }
  return email === null ? undefined : { address: email };
}
