import type { Texts } from '../texts';

export const account: Texts['account'] = {
  lead: 'Ihr Profil, Ihr Passwort, Ihre zweiten Faktoren, Ihre Token und Ihre Aktivität.',
  profile: {
    heading: 'Profil',
    save: 'Profil speichern',
    saved: 'Profil gespeichert.',
  },
  password: {
    current: 'Aktuelles Passwort',
    new: 'Neues Passwort',
    again: 'Neues Passwort wiederholen',
    action: 'Passwort ändern',
    sending: 'Passwort wird geändert …',
    consequence:
      'Wenn Sie Ihr Passwort ändern, werden alle anderen Sitzungen beendet und Ihre API-Token widerrufen.',
    changed: 'Passwort geändert. Alle anderen Sitzungen und Ihre API-Token wurden widerrufen.',
  },
  revokeOthers: {
    heading: 'Alle anderen Token widerrufen?',
    text: 'Alle anderen Sitzungen werden beendet, und Ihre API-Token funktionieren nicht mehr. Das lässt sich nicht rückgängig machen.',
    action: 'Alle anderen widerrufen',
    done: 'Alle anderen Token wurden widerrufen.',
  },
  activity: { actor: 'Meine Aktionen', subject: 'An meinem Konto' },
};
