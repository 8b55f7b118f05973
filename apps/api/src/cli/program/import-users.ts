import { Option, type Command } from 'commander';
import { formatOf, IMPORT_FORMATS, type ImportFormat } from './import/import-file.js';
import { sourceOf } from './import/import-source.js';
import { UserImport, type ImportSummary } from './import/user-import.js';
import { table } from './output.js';
import { type Shell } from './shell.js';
import { count } from './units.js';

/** Maximum number of problems printed as text. JSON lists all. */
const PROBLEMS_SHOWN = 50;

interface Options {
  format?: ImportFormat;
  dryRun?: boolean;
  skipExisting?: boolean;
}

/** Adds `import-users`. */
export function addImportUsers(program: Command, shell: Shell): void {
  program
    .command('import-users <file>')
    .summary('make users out of a file, with their passwords')
    .description(
      'Makes users out of CSV or JSON lines. Columns, or members, are name, displayName, email, roles (with spaces between), enabled, kind and passwordHash; all but name may be missing. Password hashes of argon2, bcrypt, scrypt and PBKDF2 are kept until the first log-in. All of the file is checked first: while anything is wrong, nobody is made. - reads standard input.',
    )
    .addOption(
      new Option('--format <format>', 'if the name of the file does not tell').choices(IMPORT_FORMATS),
    )
    .option('--dry-run', 'check the file, and make nobody')
    .option(
      '--skip-existing',
      'leave who is there already as they are, such as after an import that was cut short',
    )
    .action(async (name: string, options: Options) => {
      const source = await sourceOf(name);
      const { dryRun = false, skipExisting = false, format = formatOf(source) } = options;
      const summary = await shell.inSession(async (session) => {
        const users = new UserImport(source, format, skipExisting, (progress) =>
          shell.output.progress(progress),
        );
        const checked = await users.check(session);
        if (checked.problems.length > 0) {
          return { ...checked, isDryRun: dryRun, imported: 0 };
        }
        return dryRun ? checked : users.make(session, checked.imported + checked.skipped);
      });
      shell.output.result(summary, describe);
      if (summary.problems.length > 0) {
        shell.exitCode = 1;
      }
    });
}

function describe({ isDryRun, imported, skipped, problems }: ImportSummary): string {
  const users = count(imported, 'user');
  const left = skipped > 0 ? `, ${count(skipped, 'user')} already there` : '';
  if (problems.length === 0) {
    return isDryRun ? `Nothing is wrong: ${users} would be made${left}.` : `Made ${users}${left}.`;
  }
  const rows = problems.slice(0, PROBLEMS_SHOWN).map(({ line, message }) => [String(line), message]);
  const rest = problems.length - rows.length;
  return [
    table(['LINE', 'PROBLEM'], rows),
    ...(rest > 0 ? [`and ${rest} more`] : []),
    imported === 0 ? 'Nobody was made: mend these lines first.' : `Made ${users} before these lines.`,
  ].join('\n');
}
