import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/config.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';

/** Tells the operator, once, how to sign in for the first time. */
@Injectable()
export class FirstSignIn {
  private readonly path: string;

  constructor(
    private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.path = join(config.dataDirectory, 'first-sign-in.txt');
  }

  /** Shows a set-up link on the terminal; without one, puts it into a file, as logs are kept and read by many. */
  tellLink(name: string, link: string): void {
    const text = `Choose the password of "${name}" within 24 hours, once, at:\n\n  ${link}\n`;
    if (process.stdout.isTTY) {
      process.stdout.write(`\n${text}\n`);
      return;
    }
    mkdirSync(this.config.dataDirectory, { recursive: true, mode: 0o700 });
    // Removed first, as `mode` counts only for a file that is made.
    this.forget();
    writeFileSync(this.path, text, { mode: 0o600, flag: 'wx' });
    this.logger.warn(
      { path: this.path },
      'How to sign in for the first time is written in this file; it goes when used.',
    );
  }

  /** Says that the configured password works. */
  tellConfigured(name: string): void {
    this.logger.info(
      { name, url: `${this.config.publicUrl}/admin/` },
      'Made the first administrator; sign in with the configured password.',
    );
  }

  /** Removes the file, if there is one. */
  forget(): void {
    rmSync(this.path, { force: true });
  }
}
