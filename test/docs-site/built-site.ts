import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { extname, join, posix } from 'node:path';
import { promisify } from 'node:util';
import { SITE } from '../../docs/site/pages.mjs';

/** Folder of the server with the site: it works in any. */
const FOLDER = '/any/folder/';

/**
 * Strictest policy with which the site works. Vue's and shiki's colors are inline styles, and icons are in
 * the style sheet.
 */
const CONTENT_SECURITY_POLICY =
  "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'";

const TYPES: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
};

/** Builds the site into `dist/docs`. Needs the built server. */
export async function buildSite(): Promise<void> {
  await promisify(execFile)(process.execPath, ['docs/site/build.mjs'], { timeout: 240_000 });
}

/** Paths of the built pages, relative to the site. */
export const builtPages = (): string[] =>
  readdirSync(SITE, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.html') && name !== '404.html')
    .sort();

export const htmlOf = (page: string): string => readFileSync(join(SITE, page), 'utf8');

/** Returns the addresses in the attributes of a page. */
export function addressesIn(html: string): string[] {
  return [...html.matchAll(/<(?:a|img|link|script)\s[^>]*?\b(?:href|src)="([^"]*)"/g)].map(
    ([, address = '']) => address.replaceAll('&amp;', '&'),
  );
}

/** Whether an address is on another server. */
export const isExternal = (address: string): boolean => /^[a-z]+:/.test(address);

const idsByPage = new Map<string, Set<string>>();

function idsOf(page: string): Set<string> {
  const known = idsByPage.get(page);
  if (known) {
    return known;
  }
  const ids = new Set([...htmlOf(page).matchAll(/\sid="([^"]*)"/g)].map(([, id = '']) => id));
  idsByPage.set(page, ids);
  return ids;
}

/** Whether an address on a page leads to a file of the site, and its anchor to an element of that page. */
export function hasTarget(page: string, address: string): boolean {
  const [path = '', anchor = ''] = address.split('#');
  const target = path === '' ? page : posix.join(posix.dirname(page), decodeURI(path));
  const isInside = !path.startsWith('/') && !target.startsWith('..');
  return (
    isInside &&
    existsSync(join(SITE, target)) &&
    (anchor === '' || !target.endsWith('.html') || idsOf(target).has(decodeURIComponent(anchor)))
  );
}

/** Static server of the built site. */
export class SiteServer {
  private constructor(private readonly server: Server) {}

  static async start(): Promise<SiteServer> {
    const server = createServer(({ url = '' }, response) => {
      const { pathname } = new URL(url, 'http://127.0.0.1');
      const name = pathname.slice(FOLDER.length) + (pathname.endsWith('/') ? 'index.html' : '');
      const isFound = pathname.startsWith(FOLDER) && existsSync(join(SITE, name));
      const file = isFound ? name : '404.html';
      response.writeHead(isFound ? 200 : 404, {
        'content-type': TYPES[extname(file)],
        ...(isFound && { 'content-security-policy': CONTENT_SECURITY_POLICY }),
      });
      response.end(readFileSync(join(SITE, file)));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new SiteServer(server);
  }

  /** Address of the site. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${FOLDER}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
