import type { Texts } from '../core/texts/texts';

/** A part of the configuration. */
export type SettingGroup = keyof Texts['settings']['groups'];

/** What begins the names of the variables of each group, in the order in which they are shown; the first match counts. */
const BEGINNINGS: readonly [SettingGroup, RegExp][] = [
  ['server', /^(HOST|PORT|LATCHKEY_(PUBLIC_URL|TRUSTED_PROXIES|CORS|DRAIN|SHUTDOWN|LOG_LEVEL|METRICS))/],
  ['database', /^(DATABASE_|LATCHKEY_(DATA_DIR|DATABASE|STATEMENT))/],
  ['firstStart', /^LATCHKEY_ADMIN_/],
  ['sessions', /^LATCHKEY_SESSION_/],
  ['tokens', /^LATCHKEY_(API_)?TOKEN/],
  ['passwords', /^LATCHKEY_(PASSWORD|ARGON2|LOGIN|WRITE)_/],
  ['audit', /^LATCHKEY_AUDIT_/],
];

/** The part of the configuration that a variable belongs to. */
export function settingGroup(name: string): SettingGroup {
  return BEGINNINGS.find(([, beginning]) => beginning.test(name))?.[0] ?? 'other';
}

/** All groups, in the order in which they are shown. */
export const SETTING_GROUPS: readonly SettingGroup[] = [...BEGINNINGS.map(([group]) => group), 'other'];
