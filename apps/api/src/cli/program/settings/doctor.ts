import { type Command } from 'commander';
import { type Finding } from '../../doctor/finding.js';
import { bytes } from '../format.js';
import { printable } from '../output.js';
import { type Shell } from '../shell.js';

/** Widths of the columns for the verdict and the check. */
const VERDICT_WIDTH = 9;
const CHECK_WIDTH = 11;

export function addDoctor(program: Command, shell: Shell): void {
  program
    .command('doctor')
    .summary('check the installation, and recommend fixes')
    .description(
      'Checks Node, settings, files, disk, database, clock, audit key, seal key, tokens, backups, TLS, proxies and e-mail, with a verdict for each: ok, warning, problem, or skipped if the check could not run. Works whether the server runs, is stopped, or does not start. Changes nothing. Exits with 1 if there is a problem; warnings do not count.',
    )
    .action(async () => {
      const { diagnose } = await import('../../doctor/diagnose.js');
      const { environmentFile } = program.opts<{ environmentFile?: string }>();
      const checks = await diagnose(shell.process.env, environmentFile, bytes);
      const isOk = !checks.some(({ verdict }) => verdict === 'problem');
      shell.output.result({ ok: isOk, checks }, () => checks.map(describe).join('\n'));
      if (!isOk) {
        shell.exitCode = 1;
      }
    });
}

function describe({ verdict, check, message, advice }: Finding): string {
  const lines = [`${verdict.padEnd(VERDICT_WIDTH)}${check.padEnd(CHECK_WIDTH)}${message}`];
  if (advice !== undefined) {
    lines.push(`${' '.repeat(VERDICT_WIDTH + CHECK_WIDTH)}${advice}`);
  }
  return lines.map(printable).join('\n');
}
