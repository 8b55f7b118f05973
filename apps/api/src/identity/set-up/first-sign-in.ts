import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/config.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';

/** Shows the operator once how to sign in for the first time. */
@Injectable()
export class FirstSignIn {
  private readonly path: string;

  constructor(
    private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.path = join(config.dataDirectory, 'first-sign-in.txt');
  }

  /** Shows a set-up link on the terminal. Without a terminal, writes it to a file, because many people read logs. */
  showLink(name: string, link: string): void {
    const text = `Set the password of "${name}" within 24 hours. The link works once:\n\n  ${link}\n`;
    if (process.stdout.isTTY) {
      process.stdout.write(`\n${text}\n`);
      return;
    }
    mkdirSync(this.config.dataDirectory, { recursive: true, mode: 0o700 });
    // Remove it first: `mode` applies only to new files.
    this.removeFile();
    writeFileSync(this.path, text, { mode: 0o600, flag: 'wx' });
    this.logger.warn(
      { path: this.path },
      'Wrote the link for the first sign-in to this file, which is deleted after use.',
    );
  }

  /** Logs that the configured password works. */
  logConfigured(name: string): void {
    this.logger.info(
      { name, url: `${this.config.publicUrl}/admin/` },
      'Created the first administrator. Sign in with the configured password.',
    );
  }

  /** Removes the file, if there is one. */
  removeFile(): void {
    rmSync(this.path, { force: true });
  }
}
