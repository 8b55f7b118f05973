import Table from 'cli-table3';
import { type CommandFailure } from '../command-failure.js';
import { type Progress } from '../command.js';

/** What a terminal would obey, or hide: notes are what clients sent. */
const NOT_PRINTING = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** Errors of the input that are shown; the rest is counted. */
const ERRORS_SHOWN = 50;

const PLAIN = {
  chars: {
    top: '',
    'top-mid': '',
    'top-left': '',
    'top-right': '',
    bottom: '',
    'bottom-mid': '',
    'bottom-left': '',
    'bottom-right': '',
    left: '',
    'left-mid': '',
    mid: '',
    'mid-mid': '',
    right: '',
    'right-mid': '',
    middle: '  ',
  },
  style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
};

/** What people and scripts get to see: results on standard output, all else on standard error. */
export class Output {
  private isProgressShown = false;

  /** @param isJson whether results are one JSON document each. */
  constructor(private readonly isJson: boolean) {}

  /** Prints a result: as JSON as it is, for people as `describe` puts it. */
  result<T extends object>(result: T, describe: (result: T) => string): void {
    this.endProgress();
    process.stdout.write(`${this.isJson ? JSON.stringify(result, null, 2) : describe(result)}\n`);
  }

  /** Says something beside the result; scripts do not see it. */
  note(text: string): void {
    if (!this.isJson) {
      process.stderr.write(`${text}\n`);
    }
  }

  /** Shows how far a command is, if somebody watches. */
  progress({ done, total, what }: Progress): void {
    if (process.stderr.isTTY) {
      const share = total === undefined ? '' : ` of ${total.toLocaleString('en')}`;
      process.stderr.write(`\r\u001B[K${done.toLocaleString('en')}${share} ${what}`);
      this.isProgressShown = true;
    }
  }

  /** Takes the line of {@link progress} away. */
  endProgress(): void {
    if (this.isProgressShown) {
      process.stderr.write('\r\u001B[K');
      this.isProgressShown = false;
    }
  }

  /** Says why a command failed. */
  failure(failure: CommandFailure): void {
    this.endProgress();
    process.stderr.write(
      this.isJson ? `${JSON.stringify({ error: failure }, null, 2)}\n` : describeFailure(failure),
    );
  }
}

/** A table for people, and for tools that read columns: no lines, two spaces between. */
export function table(head: string[], rows: string[][]): string {
  const cells = new Table({ ...PLAIN, head });
  cells.push(...rows.map((row) => row.map(printable)));
  return cells
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** A text with what no terminal should see made visible. */
export function printable(text: string): string {
  return text.replace(NOT_PRINTING, '\uFFFD');
}

function describeFailure({ message, errors = [] }: CommandFailure): string {
  const untold = errors.filter((error) => !message.includes(error.message));
  const shown = untold.slice(0, ERRORS_SHOWN).map((error) => `  ${error.message}\n`);
  const rest = untold.length - shown.length;
  return printableLines(`${message}\n${shown.join('')}${rest > 0 ? `  and ${rest} more\n` : ''}`);
}

function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}
