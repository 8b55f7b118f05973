import { Command } from 'commander';

/** Maximum number of names to compare an unknown name with. */
export const COMPARED_MAX = 50;

/**
 * Returns the known name that is most similar to an unknown one. Commander suggests only commands, so the
 * names become commands.
 */
export function mostSimilar(name: string, known: Iterable<string>): string | undefined {
  const program = new Command()
    .helpCommand(false)
    .helpOption(false)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  for (const candidate of known) {
    program.command(candidate);
  }
  try {
    program.parse(['--', name], { from: 'user' });
  } catch (error) {
    return /Did you mean (?:one of )?([\w:-]+)/.exec((error as Error).message)?.[1];
  }
  return undefined;
}
