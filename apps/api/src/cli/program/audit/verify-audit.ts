import { InvalidArgumentError, type Command } from 'commander';
import { type AuditVerdict } from '../../../audit/verification/audit-verification.service.js';
import { parseHead } from '../../../audit/trail/audit-entry.js';
import { table } from '../output.js';
import { readSecret } from '../files.js';
import { type Shell } from '../shell.js';

interface Options {
  head?: string;
  keyFile?: string[];
}

/** Next steps if only the head shows a problem. It may be the only evidence of a truncation. */
const HEAD_ADVICE =
  'The audit trail does not contain the given head. Check that you stored this head for this server, and that it has no typing error. ' +
  'If the head is right, entries were removed or replaced, unless you restored an older backup. Keep the head and a copy of the database, ' +
  'and compare the trail with your backups.';

export function addVerifyAudit(program: Command, shell: Shell): void {
  program
    .command('verify-audit')
    .summary('verify that the audit trail was not changed')
    .description(
      'Verifies the whole audit trail, and lists entries that were changed, deleted, swapped or inserted. It prints the head of the trail. Store the head on another system, and pass it next time with --head. Deleted entries at the end are then found, too.',
    )
    .option(
      '--head <sequence:mac>',
      'head that an earlier run printed; the trail must still contain this entry',
      readHead,
    )
    .option('--key-file <file...>', 'files with earlier keys, unless they are next to audit.key')
    .action(async ({ head, keyFile = [] }: Options) => {
      const keys: string[] = [];
      for (const file of keyFile) {
        keys.push(await readSecret(file, shell.process.stdin));
      }
      const verdict = await shell.withClient((client) =>
        client.post<AuditVerdict>('/operator/audit-verifications', { head, keys }, (progress) =>
          shell.output.progress(progress),
        ),
      );
      const { entries, problems } = verdict;
      shell.output.result(verdict, () =>
        problems.length === 0
          ? `The audit trail is intact: ${entries} entries.\nHead, to be stored elsewhere: ${verdict.head}`
          : table(
              ['ENTRY', 'ID', 'PROBLEM'],
              problems.map(({ sequence, id = '', message }) => [String(sequence), id, message]),
            ),
      );
      if (verdict.note !== undefined) {
        shell.output.note(verdict.note);
      }
      if (problems.length > 0) {
        shell.output.note(
          problems.every(({ isAboutHead }) => isAboutHead)
            ? HEAD_ADVICE
            : 'The audit trail is not intact. The problems are listed above.',
        );
        shell.exitCode = 1;
      }
    });
}

function readHead(text: string): string {
  if (!parseHead(text)) {
    throw new InvalidArgumentError('Use sequence:mac, as printed by an earlier run.');
  }
  return text;
}
