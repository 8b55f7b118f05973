import type { Texts } from '../texts';

export const account: Texts['account'] = {
  lead: 'Ihr Profil, Ihr Passwort, Ihre Token und Ihre Aktivität.',
  profile: {
    heading: 'Profil',
    save: 'Profil speichern',
    saved: 'Ihr Profil ist gespeichert.',
    roles: 'Rollen',
  },
  password: {
    heading: 'Passwort',
    current: 'Aktuelles Passwort',
    new: 'Neues Passwort',
    again: 'Neues Passwort wiederholen',
    action: 'Passwort ändern',
    sending: 'Passwort wird geändert …',
    consequence:
      'Wenn Sie Ihr Passwort ändern, werden alle anderen Sitzungen abgemeldet und Ihre API-Token widerrufen.',
    changed: 'Ihr Passwort ist geändert. Alle anderen Sitzungen und Ihre API-Token sind widerrufen.',
  },
  appearance: {
    heading: 'Darstellung',
    theme: 'Farbschema',
    language: 'Sprache',
    note: 'In diesem Browser gespeichert.',
  },
  tokens: { heading: 'Meine Token', revokeOthers: 'Alle anderen widerrufen' },
  revokeOthers: {
    heading: 'Alle anderen Token widerrufen?',
    text: 'Alle anderen Sitzungen werden abgemeldet, und Ihre API-Token funktionieren nicht mehr. Das lässt sich nicht rückgängig machen.',
    action: 'Alle anderen widerrufen',
    done: 'Alle anderen Token sind widerrufen.',
  },
  activity: { actor: 'Meine Aktionen', subject: 'An meinem Konto' },
};
