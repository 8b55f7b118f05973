import { spawnSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { NGINX_NEEDS, startNginx as startNginxWith } from '../support/nginx.js';
import { RunningRecipe } from '../support/running-recipe.js';
import { codeOnPage } from './code-on-page.js';

const PAGE = 'protect-your-api.md';
/** Where the page takes Latchkey to be. */
const LATCHKEY = 'http://127.0.0.1:3000';

/** A recipe of the page, ready to be run. */
export interface Recipe {
  name: string;
  /** What has to be installed first; `null` = nothing. */
  needs: string | null;
  /** Runs it with the block about roles, changed or not; `api` is what nginx stands before. */
  start: (latchkey: string, api: string, change?: Change) => Promise<RunningRecipe>;
}

/** A change of a recipe's code before it is run. */
export type Change = (code: string) => string;

const unchanged: Change = (code) => code;

const python = ['python3', '/usr/bin/python3'].find((program) => succeeds(program, '-c', 'import flask'));

/** The recipes that the page has. */
export const RECIPES: Recipe[] = [
  { name: 'Express', needs: null, start: startExpress },
  { name: 'Flask', needs: python ? null : 'Flask: apt-get install python3-flask', start: startFlask },
  { name: 'nginx', needs: NGINX_NEEDS, start: startNginx },
];

function succeeds(program: string, ...words: string[]): boolean {
  return spawnSync(program, words).status === 0;
}

function startExpress(latchkey: string, _api: string, change = unchanged): Promise<RunningRecipe> {
  const code = change(codeOnPage(PAGE, 'js').join('\n'));
  return RunningRecipe.start((folder, port) => {
    symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'));
    return {
      program: process.execPath,
      arguments: ['app.mjs'],
      files: { 'app.mjs': code.replace('8080', String(port)).replace(LATCHKEY, latchkey) },
    };
  });
}

function startFlask(latchkey: string, _api: string, change = unchanged): Promise<RunningRecipe> {
  const code = change(codeOnPage(PAGE, 'python').join('\n'));
  return RunningRecipe.start((_, port) => ({
    program: python ?? '',
    arguments: ['-m', 'flask', '--app', 'app', 'run', '--port', String(port)],
    files: { 'app.py': code.replace(LATCHKEY, latchkey) },
  }));
}

function startNginx(latchkey: string, api: string, change = unchanged): Promise<RunningRecipe> {
  const [server = '', editors = ''] = codeOnPage(PAGE, 'nginx');
  return runNginx(change(server.replace(/}\s*$/, `${editors}}`)), latchkey, api);
}

/** The recipe for nginx, changed in each way that the page tells: all about the caller, and the cookies of the API. */
export function startWholeNginx(latchkey: string, api: string): Promise<RunningRecipe> {
  const [, , fields = '', cookies = ''] = codeOnPage(PAGE, 'nginx');
  return startNginx(
    latchkey,
    api,
    (server) =>
      cookies +
      server
        .replace(/( *proxy_set_header X-Auth-(User-Id|Roles|Token-Id) "";\n){3}/, () => fields)
        .replace('Cookie "";', 'Cookie $cookies_of_the_api;'),
  );
}

function runNginx(recipe: string, latchkey: string, api: string): Promise<RunningRecipe> {
  return startNginxWith((port) =>
    recipe
      .replace('127.0.0.1:8080', `127.0.0.1:${port}`)
      .replaceAll(LATCHKEY, latchkey)
      .replaceAll('http://127.0.0.1:8000', api),
  );
}
