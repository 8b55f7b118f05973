import { Option, type Command } from 'commander';
import { isEmailAddress, MAIL_LANGUAGES, type MailLanguage } from '@latchkey/auth-models/lists';
import { showSmtpUrl } from '../../../platform/config/mail-settings.js';
import { asSentence, CommandError } from '../../command-error.js';
import { type Shell } from '../shell.js';

export function addMail(program: Command, shell: Shell): void {
  program
    .command('mail')
    .summary('check the settings for e-mail')
    .description('Commands for e-mail.')
    .command('test <address>')
    .summary('send a test message')
    .description(
      'Sends a short message with the settings of this folder. The server does not have to run. Exits with 1 if the mail server does not accept the message, and prints its reason.',
    )
    .addOption(
      new Option('--language <language>', 'language of the message')
        .choices([...MAIL_LANGUAGES])
        .default('en'),
    )
    .action(async (address: string, { language }: { language: MailLanguage }) => {
      const { mail, publicUrl } = shell.config;
      if (!mail) {
        throw CommandError.of(
          'LATCHKEY_SMTP_URL and LATCHKEY_MAIL_FROM are not set. Set them to send e-mail.',
        );
      }
      if (!isEmailAddress(address)) {
        throw CommandError.of(`${JSON.stringify(address)} is not a plain e-mail address.`);
      }
      const [{ withMailer }, { testLetter }] = await Promise.all([
        import('../../../platform/mail/with-mailer.js'),
        import('../../../platform/mail/letters.js'),
      ]);
      const server = showSmtpUrl(mail);
      try {
        await withMailer(shell.config, (mailer) =>
          mailer.send({ to: [address], ...testLetter({ publicUrl, language }) }),
        );
      } catch (error) {
        throw error instanceof Error && error.name === 'MailError'
          ? CommandError.of(asSentence(`${server} did not accept the message: ${error.message}`))
          : error;
      }
      shell.output.result({ address, server }, () => `${server} accepted the message to ${address}.`);
    });
}
