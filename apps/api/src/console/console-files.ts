import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Injectable } from '@nestjs/common';

/** What the page's source has in place of the nonce. */
const NONCE_PLACEHOLDER = '__CSP_NONCE__';

const HASHED_NAME = /-[\w-]{8}\.(js|css)$/;

/** A form of another file, which is sent under the other's name. */
const COMPRESSED = /\.(br|gz)$/;

/** The built console: `dist/apps/admin/browser`, beside the built API. */
export const CONSOLE_FOLDER = fileURLToPath(new URL('../../../admin/browser', import.meta.url));

/** The files of the built console, as they are when the process starts. */
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

  /** Whether a file never changes under its name, as the build puts a hash of the content into it. */
  isImmutable(path: string): boolean {
    return HASHED_NAME.test(path);
  }

  /** The page with a nonce for its styles; `undefined` if the console is not built. */
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
