import { type Config } from '../../platform/config/config.js';
import { isLoopback, showSmtpUrl } from '../../platform/config/mail-settings.js';
import { MailError } from '../../platform/mail/mailer.service.js';
import { withMailer } from '../../platform/mail/with-mailer.js';
import { LATCHKEY } from '../../common/program-name.js';
import { asSentence } from '../command-error.js';
import { ok, problem, skipped, type Result } from './finding.js';

/** Checks that the mail server accepts the connection and the credentials. Sends nothing. */
export async function checkMail(config: Config): Promise<Result> {
  const { mail } = config;
  if (!mail) {
    return skipped('The server sends no e-mail: LATCHKEY_SMTP_URL is not set.');
  }
  const server = showSmtpUrl(mail);
  try {
    await withMailer(config, (mailer) => mailer.verify());
  } catch (error) {
    if (!(error instanceof MailError)) {
      throw error;
    }
    return problem(
      asSentence(`${server} does not work: ${error.message}`),
      `Correct LATCHKEY_SMTP_URL, then run: ${LATCHKEY} mail test ADDRESS`,
    );
  }
  const isPlain = isLoopback(mail.host) && !mail.isSecure;
  return ok(
    `${server} accepts the connection ${isPlain ? 'on this machine' : 'with TLS'}${mail.credentials ? ' and the credentials' : ''}.`,
  );
}
