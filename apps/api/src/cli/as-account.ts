import { readFileSync } from 'node:fs';

/** Lists the accounts of the system, except on macOS and with directory services. */
const ACCOUNTS = '/etc/passwd';

/** Returns the command prefix that runs a command as another account, by its id if the name is not known. */
export function asAccount(uid: number, accounts = ACCOUNTS): string {
  return uid === 0 ? 'sudo …' : `sudo -u ${nameOf(uid, accounts) ?? `'#${uid}'`} …`;
}

function nameOf(uid: number, accounts: string): string | undefined {
  try {
    const fields = readFileSync(accounts, 'utf8')
      .split('\n')
      .map((line) => line.split(':'));
    return fields.find(([, , id]) => id === String(uid))?.[0];
  } catch {
    return undefined;
  }
}
