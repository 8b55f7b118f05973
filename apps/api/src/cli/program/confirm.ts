import { createInterface } from 'node:readline/promises';
import { CommandError } from '../command-error.js';
import { type ProgramProcess } from './output.js';

/** Asks for confirmation at the terminal. */
export async function confirm(question: string, { stdin, stderr }: ProgramProcess): Promise<boolean> {
  if (!stdin.isTTY) {
    throw CommandError.of(`${question} Confirm with --yes, because there is no terminal.`);
  }
  const terminal = createInterface({ input: stdin, output: stderr });
  try {
    const answer = await terminal.question(`${question} [y/N] `);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
