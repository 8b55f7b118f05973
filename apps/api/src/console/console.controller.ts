import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Controller, Get, Param, Redirect, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { type FastifyReply } from 'fastify';
import { ApplicationError } from '../common/application-error.js';
import { FIELDS } from '../common/request/header-fields.js';
import { Public } from '../common/request/policy.js';
import { RepresentedAs } from '../http/negotiation/route-representation.js';

const NONCE_PLACEHOLDER = '__CSP_NONCE__';

/** Name with a hash of the content, so that the file never changes. */
const HASHED_NAME = /-[\w-]{8}\.(js|css)$/;

/** A compressed form of a file, which is sent under the name of the file. */
const COMPRESSED = /\.(br|gz)$/;

/** The built console: `dist/apps/admin/browser`, beside the built API. */
export const CONSOLE_FOLDER = fileURLToPath(new URL('../../../admin/browser', import.meta.url));

const NONCE_BYTES = 16;
const IMMUTABLE = { maxAge: '365d', immutable: true } as const;
const ONE_HOUR = { maxAge: '1h' } as const;
const FILE_NAME = /\.(js|css|map|json|svg|png|jpg|ico|woff2|txt|webmanifest|br|gz)$/;

/** Serves the administration console. */
@ApiExcludeController()
@Controller()
@Public()
export class ConsoleController {
  private readonly assets: ReadonlySet<string>;
  private readonly page: string | undefined;

  constructor() {
    const index = join(CONSOLE_FOLDER, 'index.html');
    this.page = existsSync(index) ? readFileSync(index, 'utf8') : undefined;
    this.assets = new Set(this.page === undefined ? [] : listAssets());
  }

  /** Redirects the root, and the path without its slash. */
  @Get(['', 'admin'])
  @Redirect('/admin/', 302)
  redirect(): void {
    return undefined;
  }

  /** Sends a file of the console, or the page, which routes by the URL. */
  @Get('admin/*')
  @RepresentedAs({ isFixedType: true, ignoresQuery: true })
  serve(@Param('*') path: string | undefined, @Res() reply: FastifyReply): unknown {
    if (path && this.assets.has(path)) {
      return reply.sendFile(path, HASHED_NAME.test(path) ? IMMUTABLE : ONE_HOUR);
    }
    if (path && FILE_NAME.test(path)) {
      throw new ApplicationError('not_found', {
        detail: 'The console has no such file. Reload the page.',
      });
    }
    if (this.page === undefined) {
      throw new ApplicationError('not_found', { detail: 'The console is not built. Run npm run build.' });
    }
    const nonce = randomBytes(NONCE_BYTES).toString('base64url');
    return reply
      .type('text/html; charset=utf-8')
      .headers({
        [FIELDS.contentSecurityPolicy]: consolePolicy(nonce),
        'cross-origin-opener-policy': 'same-origin',
      })
      .send(this.page.replaceAll(NONCE_PLACEHOLDER, nonce));
  }
}

/** Lists the files of the built console other than the page. */
function listAssets(): string[] {
  return readdirSync(CONSOLE_FOLDER, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'index.html' && !COMPRESSED.test(entry.name))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(CONSOLE_FOLDER.length + 1)
        .replaceAll('\\', '/'),
    );
}

/** Returns the Content-Security-Policy of the page: Trusted Types, and inline only styles with the nonce. */
function consolePolicy(nonce: string): string {
  return [
    "default-src 'self'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types angular',
  ].join('; ');
}
