import { Option, type Command } from 'commander';
import { formatOf, IMPORT_FORMATS, type ImportFormat, sourceOf } from './import/import-file.js';
import { UserImport, type ImportSummary } from './import/user-import.js';
import { table } from '../output.js';
import { type Shell } from '../shell.js';
import { count } from '../format.js';

/** Maximum number of problems printed as text. JSON lists all. */
const PROBLEMS_SHOWN = 50;

interface Options {
  format?: ImportFormat;
  dryRun?: boolean;
  skipExisting?: boolean;
}

export function addImportUsers(program: Command, shell: Shell): void {
  program
    .command('import-users <file>')
    .summary('create users from a file, with their password hashes')
    .description(
      'Creates users from a CSV file or from JSON lines. The columns or members are name, displayName, email, roles (separated by spaces in CSV), enabled, kind, responsible and passwordHash. Only name is required. Hashes of argon2, bcrypt, scrypt and PBKDF2 are accepted, and replaced at the first login. The command checks the whole file first, and creates no users if it has errors. Use - to read standard input.',
    )
    .addOption(
      new Option('--format <format>', 'format of the file, required without a known extension').choices(
        IMPORT_FORMATS,
      ),
    )
    .option('--dry-run', 'check the file without creating users')
    .option('--skip-existing', 'skip users that already exist, for example after an interrupted import')
    .action(async (name: string, options: Options) => {
      const source = await sourceOf(name, shell.process.stdin);
      const { dryRun = false, skipExisting = false, format = formatOf(source) } = options;
      const summary = await shell.withClient(async (client) => {
        const users = new UserImport(source, format, skipExisting, (progress) =>
          shell.output.progress(progress),
        );
        const checked = await users.check(client);
        if (checked.problems.length > 0) {
          return { ...checked, isDryRun: dryRun, imported: 0 };
        }
        return dryRun ? checked : users.create(client, checked.imported + checked.skipped);
      });
      shell.output.result(summary, (all) => describe(all, skipExisting));
      if (summary.problems.length > 0) {
        shell.exitCode = 1;
      }
    });
}

function describe(
  { isDryRun, imported, skipped, problems }: ImportSummary,
  isSkippingExisting: boolean,
): string {
  const users = count(imported, 'user');
  const left = skipped > 0 ? `, skipped ${count(skipped, 'existing user')}` : '';
  if (problems.length === 0) {
    return isDryRun ? `No errors: ${users} would be created${left}.` : `Created ${users}${left}.`;
  }
  const rows = problems.slice(0, PROBLEMS_SHOWN).map(({ line, message }) => [String(line), message]);
  const rest = problems.length - rows.length;
  return [
    table(['LINE', 'PROBLEM'], rows),
    ...(rest > 0 ? [`and ${rest} more`] : []),
    imported === 0 ? 'No users were created. Fix these lines.' : `Created ${users} before these lines.`,
    ...(skipped > 0 && !isSkippingExisting ? ['To skip users that already exist, use --skip-existing.'] : []),
  ].join('\n');
}
