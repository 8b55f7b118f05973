import { spawnSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { ExternalProgram } from '../support/external-programs.js';
import { codeOnPage } from '../support/docs/code-on-page.js';

const PAGE = 'guides/protect-your-api.md';
/** Address of Latchkey on the page. */
const LATCHKEY = 'http://127.0.0.1:3000';

/** A recipe of the page, ready to run. */
export interface Recipe {
  name: string;
  /** Missing program with its installation command; `null` = none. */
  needs: string | null;
  /** Runs both blocks, optionally changed. */
  start: (latchkey: string, change?: Change) => Promise<ExternalProgram>;
}

/** Changes the code of a recipe before it runs. */
export type Change = (code: string) => string;

const unchanged: Change = (code) => code;

const python = ['python3', '/usr/bin/python3'].find((program) => succeeds(program, '-c', 'import flask'));

/** Command that installs Flask; `null` if it is installed. */
export const FLASK_MISSING = python ? null : 'Flask: apt-get install python3-flask';

/** The recipes of the page. */
export const RECIPES: Recipe[] = [{ name: 'Express', needs: null, start: startExpress }];

function succeeds(program: string, ...words: string[]): boolean {
  return spawnSync(program, words).status === 0;
}

function startExpress(latchkey: string, change = unchanged): Promise<ExternalProgram> {
  const [app = '', route = ''] = codeOnPage(PAGE, 'js');
  // At the place that the page names.
  const code = change(app.replace('app.listen', `${route}app.listen`));
  return runExpress(code.replace(LATCHKEY, latchkey));
}

/** Runs an Express app. Replaces the port that it listens on. */
export function runExpress(code: string): Promise<ExternalProgram> {
  return ExternalProgram.start((folder, port) => {
    symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'));
    return {
      program: process.execPath,
      arguments: ['app.mjs'],
      files: { 'app.mjs': code.replace(/(?<=listen\()\d+/, String(port)) },
    };
  });
}

/** Runs a Flask app. */
export function runFlask(code: string): Promise<ExternalProgram> {
  return ExternalProgram.start((_, port) => ({
    program: python ?? '',
    arguments: ['-m', 'flask', '--app', 'app', 'run', '--port', String(port)],
    files: { 'app.py': code },
  }));
}
