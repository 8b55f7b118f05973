/** Checks of `latchkey doctor`, in the order of its output. */
export const CHECKS = [
  'node',
  'settings',
  'start',
  'files',
  'disk',
  'database',
  'clock',
  'audit key',
  'seal key',
  'tokens',
  'backups',
  'tls',
  'proxies',
  'mail',
  'events',
] as const;

export type Check = (typeof CHECKS)[number];

export interface Result {
  /** `problem` needs an action, `warning` may need one, and `skipped` means that the check could not run. */
  verdict: 'ok' | 'warning' | 'problem' | 'skipped';
  message: string;
  /** Advice, for warnings and problems only. */
  advice?: string;
}

export type Findings = Partial<Record<Check, Result>>;

export type Finding = { check: Check } & Result;

export const ok = (message: string): Result => ({ verdict: 'ok', message });

export const skipped = (message: string): Result => ({ verdict: 'skipped', message });

export const warning = (message: string, advice: string): Result => ({ verdict: 'warning', message, advice });

export const problem = (message: string, advice: string): Result => ({ verdict: 'problem', message, advice });
