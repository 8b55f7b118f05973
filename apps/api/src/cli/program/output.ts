import { type Readable, type Writable } from 'node:stream';
import stringWidth from 'string-width';
import { type CommandFailure } from '../command-error.js';
import { type Progress } from '../progress.js';

/** Characters that a terminal would interpret or hide. Clients choose the notes of tokens. */
const NOT_PRINTING = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** Standard stream that writes. */
type OutputStream = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** Parts of `process` that the program uses. */
export interface ProgramProcess {
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
}

/** Prints results on standard output, and everything else on standard error. */
export class Output {
  private isProgressShown = false;

  /** @param isJson whether to print results and errors as JSON documents. */
  constructor(
    private readonly isJson: boolean,
    private readonly process: ProgramProcess,
  ) {}

  /** Prints a result as JSON, or as the text that `describe` returns. */
  result<T extends object>(result: T, describe: (result: T) => string): void {
    this.endProgress();
    this.process.stdout.write(`${this.isJson ? JSON.stringify(result, null, 2) : describe(result)}\n`);
  }

  /** Prints additional information, except with `--json`. */
  note(text: string): void {
    if (!this.isJson) {
      this.process.stderr.write(`${text}\n`);
    }
  }

  /** Shows progress if standard error is a terminal. */
  progress({ done, total, what }: Progress): void {
    if (this.process.stderr.isTTY) {
      const share = total === undefined ? '' : ` of ${total.toLocaleString('en')}`;
      this.process.stderr.write(`\r\u001B[K${done.toLocaleString('en')}${share} ${what}`);
      this.isProgressShown = true;
    }
  }

  /** Removes the line of {@link progress}. */
  endProgress(): void {
    if (this.isProgressShown) {
      this.process.stderr.write('\r\u001B[K');
      this.isProgressShown = false;
    }
  }

  /** Prints the error of a command. */
  failure(failure: CommandFailure): void {
    this.endProgress();
    this.process.stderr.write(
      this.isJson ? `${JSON.stringify({ error: failure }, null, 2)}\n` : describeFailure(failure),
    );
  }
}

/** Formats a table without borders, with two spaces between columns. */
export function table(head: string[], rows: string[][]): string {
  const lines = [head, ...rows.map((row) => row.map(printable))];
  const widths = head.map((_, column) =>
    lines.reduce((width, line) => Math.max(width, stringWidth(line[column] ?? '')), 0),
  );
  const padded = (cell: string, column: number) =>
    cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - stringWidth(cell)));
  return lines.map((line) => line.map(padded).join('  ').trimEnd()).join('\n');
}

/** Replaces the characters that a terminal would interpret or hide. */
export function printable(text: string): string {
  return text.replace(NOT_PRINTING, '\uFFFD');
}

function describeFailure({ message, errors = [] }: CommandFailure): string {
  const remaining = errors.filter((error) => !message.includes(error.message));
  const lines = [message, ...remaining.map((error) => `  ${error.message}`)].join('\n');
  return `${lines.split('\n').map(printable).join('\n')}\n`;
}
