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
  'tokens',
  'backups',
  'tls',
  'proxies',
] as const;

type Check = (typeof CHECKS)[number];

/** Verdict of a check: `problem` needs an action, `warning` may need one, and `skipped` means that it could not run. */
export type Verdict = 'ok' | 'warning' | 'problem' | 'skipped';

/** Result of a check. */
export interface Finding {
  check: Check;
  verdict: Verdict;
  message: string;
  /** Advice, for warnings and problems only. */
  advice?: string;
}

export const ok = (check: Check, message: string): Finding => ({ check, verdict: 'ok', message });

export const skipped = (check: Check, message: string): Finding => ({ check, verdict: 'skipped', message });

export const warning = (check: Check, message: string, advice: string): Finding => ({
  check,
  verdict: 'warning',
  message,
  advice,
});

export const problem = (check: Check, message: string, advice: string): Finding => ({
  check,
  verdict: 'problem',
  message,
  advice,
});
