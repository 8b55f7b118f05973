import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Injectable } from '@nestjs/common';

/** Placeholder of the nonce in the page. */
const NONCE_PLACEHOLDER = '__CSP_NONCE__';

const HASHED_NAME = /-[\w-]{8}\.(js|css)$/;

/** A compressed form of a file, which is sent under the name of the file. */
const COMPRESSED = /\.(br|gz)$/;

/** The built console: `dist/apps/admin/browser`, beside the built API. */
export const CONSOLE_FOLDER = fileURLToPath(new URL('../../../admin/browser', import.meta.url));

/** Files of the built console, read when the process starts. */
@Injectable()
export class ConsoleFiles {
  private readonly assets: ReadonlySet<string>;
  private readonly page: string | undefined;

  constructor() {
    const index = join(CONSOLE_FOLDER, 'index.html');
    this.page = existsSync(index) ? readFileSync(index, 'utf8') : undefined;
    this.assets = new Set(this.page === undefined ? [] : listAssets());
  }

  /** Whether a path below `/admin/` is a file other than the page. */
  isAsset(path: string): boolean {
    return this.assets.has(path);
  }

  /** Whether the name of a file contains a hash of its content, so that the file never changes. */
  isImmutable(path: string): boolean {
    return HASHED_NAME.test(path);
  }

  /** Returns the page with a nonce for its styles; `undefined` if the console is not built. */
  renderPage(nonce: string): string | undefined {
    return this.page?.replaceAll(NONCE_PLACEHOLDER, nonce);
  }
}

function listAssets(): string[] {
  return readdirSync(CONSOLE_FOLDER, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'index.html' && !COMPRESSED.test(entry.name))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(CONSOLE_FOLDER.length + 1)
        .replaceAll('\\', '/'),
    );
}
