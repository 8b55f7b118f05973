import { InvalidArgumentError, type Command } from 'commander';
import { parseHead } from '../../audit/verification/chain-head.js';
import { table } from './output.js';
import { readSecret } from './read-secret.js';
import { type Shell } from './shell.js';

interface Options {
  head?: string;
  keyFile?: string[];
}

/** Adds `verify-audit`. */
export function addVerifyAudit(program: Command, shell: Shell): void {
  program
    .command('verify-audit')
    .summary('check that nobody tampered with the audit trail')
    .description(
      'Reads the whole audit trail, and tells every entry that was changed, deleted, swapped or put in. It prints the head: keep that elsewhere, and give it the next time, so that a cut tail is found, too.',
    )
    .option(
      '--head <sequence:mac>',
      'what an earlier run printed; the trail must still have that entry',
      readHead,
    )
    .option(
      '--key-file <file...>',
      'keys that the trail was sealed with before, if they are not beside audit.key',
    )
    .action(async ({ head, keyFile = [] }: Options) => {
      const keys = keyFile.map(readSecret);
      const verdict = await shell.run('verify-audit', { ...(head !== undefined && { head }), keys });
      const { entries, problems } = verdict;
      shell.output.result(verdict, () =>
        problems.length === 0
          ? `The audit trail is whole: ${entries} entries.\nHead, to keep elsewhere: ${verdict.head}`
          : table(
              ['ENTRY', 'ID', 'PROBLEM'],
              problems.map(({ sequence, id = '', message }) => [String(sequence), id, message]),
            ),
      );
      if (verdict.note !== undefined) {
        shell.output.note(verdict.note);
      }
      if (problems.length > 0) {
        shell.output.note('The audit trail is not whole: see above for what is wrong with which entry.');
        shell.exitCode = 1;
      }
    });
}

function readHead(text: string): string {
  if (!parseHead(text)) {
    throw new InvalidArgumentError('It takes sequence:mac, as an earlier run printed it.');
  }
  return text;
}
