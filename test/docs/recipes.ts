import { spawnSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { RunningRecipe } from '../support/running-recipe.js';
import { codeOnPage } from './code-on-page.js';

const PAGE = 'guides/protect-your-api.md';
/** Where the page takes Latchkey to be. */
const LATCHKEY = 'http://127.0.0.1:3000';

/** A recipe of the page, ready to be run. */
export interface Recipe {
  name: string;
  /** What has to be installed first; `null` = nothing. */
  needs: string | null;
  /** Runs it with the block about roles, changed or not. */
  start: (latchkey: string, change?: Change) => Promise<RunningRecipe>;
}

/** A change of a recipe's code before it is run. */
export type Change = (code: string) => string;

const unchanged: Change = (code) => code;

const python = ['python3', '/usr/bin/python3'].find((program) => succeeds(program, '-c', 'import flask'));

/** The recipes that the page has. */
export const RECIPES: Recipe[] = [
  { name: 'Express', needs: null, start: startExpress },
  { name: 'Flask', needs: python ? null : 'Flask: apt-get install python3-flask', start: startFlask },
];

function succeeds(program: string, ...words: string[]): boolean {
  return spawnSync(program, words).status === 0;
}

function startExpress(latchkey: string, change = unchanged): Promise<RunningRecipe> {
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

function startFlask(latchkey: string, change = unchanged): Promise<RunningRecipe> {
  const code = change(codeOnPage(PAGE, 'python').join('\n'));
  return RunningRecipe.start((_, port) => ({
    program: python ?? '',
    arguments: ['-m', 'flask', '--app', 'app', 'run', '--port', String(port)],
    files: { 'app.py': code.replace(LATCHKEY, latchkey) },
  }));
}
